package graph

// Depths are the numbers of aggregates that stand in a row below each node:
// select is one above what it compares, an aggregate as deep as its selector, and
// one above its values.
func Depths(nodes []*Node) map[*Node]int {
	depth := map[*Node]int{}
	for _, n := range nodes {
		for i, arg := range n.Args {
			d := depth[arg]
			if n.Op == Select || n.Op == Aggregate && i == 1 {
				d++
			}
			depth[n] = max(depth[n], d)
		}
	}
	return depth
}
