package puzzle

// dyck judges brackets, with a stack: "T" balanced, "P" balanced if more comes, "F" never.
func dyck(t []string) string {
	opened := map[string]string{")": "(", "]": "["}
	var stack []string
	for _, token := range t {
		partner, closes := opened[token]
		switch {
		case !closes:
			stack = append(stack, token)
		case len(stack) == 0 || stack[len(stack)-1] != partner:
			return "F"
		default:
			stack = stack[:len(stack)-1]
		}
	}
	if len(stack) > 0 {
		return "P"
	}
	return "T"
}
