// Package gemm multiplies matrices of float32: C = alpha op(A) op(B) + beta C, plus a
// bias, then ReLU, at the speed of the machine.
//
// # Five formulas
//
// What a transformer computes is, but for softmax, one formula with five kinds of
// operands: queries, keys and values; scores; mixed values; the two halves of an MLP;
// logits. So one kernel is worth writing well. As plain loops it is
//
//	for i := range m {
//		for j := range n {
//			for p := range k {
//				c[i][j] += a[i][p] * b[p][j]
//			}
//		}
//	}
//
// which reads two numbers for every multiplication. On the machine of the figures
// below, a Zen 4 core at 3.7 GHz, that runs at 2 GFLOP/s, and at 0.3 when a column of
// B has its elements 4 KiB apart. The core can do 118: every cycle one fused
// multiply-add of two vectors of 16 floats (or two of 8). Loads are half as wide:
// 64 bytes a cycle from L1, 32 from L2 (1 MB), about 7 from memory. All that follows is
// about using a number often while it is near.
//
// # Registers: the tile
//
// A micro-kernel computes a tile of C whose accumulators stay in registers. For each
// p it loads one row of the tile's B and, one after the other, the elements of A's
// column, and adds their outer product:
//
//	             B [k, 32]
//	             b0  b1            14 x 32 with AVX-512: 28 accumulators, 2 of B, 2 of A
//	A [14, k]  +---------+
//	       a0  | .     . |         28 multiply-adds for 2 loads and 14 broadcasts
//	       a1  | .     . |
//	        :  | :     : |         6 x 16 with AVX2: 12 accumulators, 12 for 2 and 6
//	       a13 | .     . |
//	           +---------+
//
// A multiply-add takes 4 cycles, so at least 4 of them (8 of half the width) have to be
// under way: any tile of 4 vectors keeps the core busy. Tiles of fewer rows exist for
// every number of rows, and masked ones for the last columns; with AVX-512 these are
// 8, 16, 24 or 48 wide, so that small products waste nothing. The tiles are one loop
// written out for each shape, by internal/kernelgen.
//
// Zen 4 works through 16 floats in two halves, so there the narrow tiles have vectors of
// 8, and those of a small B are 5 x 64, with the fewest broadcasts. Where vectors of 16 run
// at full rate, as on Intel's, 9 to 16 columns are one of them and 17 to 24 are two, and a
// multiply-add for 16 takes no longer than one for 8; up to 24 rows of one vector are a
// single tile, since a product that small waits for loads and for tiles to begin and end.
// Package machine knows which CPU this is; BenchmarkTiles shows what the choice brings.
//
// # Caches: the blocks
//
// Around the tiles are the loops of Goto and van de Geijn 2008, "Anatomy of
// high-performance matrix multiplication", in the arrangement of BLIS (Van Zee and
// van de Geijn 2015):
//
//	for columns of C, n = 4096 at a time         k x n of B, packed, stays in L3
//	  for k = 1024 at a time                     pack B into panels [k, 32]
//	    for rows of C, m = 56 at a time          m x k of A, packed, stays in L2
//	      for panels of B                        k x 32 of B: 128 KB, in L2
//	        for tiles of 14 rows                 registers
//
// Each block is read from the cache below once and used as often as the block inside
// it is long. Packing puts it into the order in which it is read, so no two of its
// lines fight for the same set of a cache, and a page is left only when it is done
// with. Product.go has the loops and derives m, n and k from the caches it finds.
//
// With AVX-512 the blocks of k are that deep because C is loaded and stored once for each,
// and L2 keeps up with the panel; AVX2, whose tiles are smaller, has 512. On CPUs with full
// vectors of 16 A is packed only if its rows would push each other out of L1. There the first tile
// of a panel would also wait for it: L3 has 10 bytes a cycle if read on and on, and it asks for 9.
// So the tiles of one panel, 9 to a column, fetch the next one into L2, 14 bytes a column of A.
//
// Packing B costs as much as one row of A takes, which is nothing for 1000 rows and half
// the time for one. So there are ways around it:
//
//   - direct.go reads both where they lie: a small B (256 x 256 is in L2 anyway; with
//     tiles of 14 x 32 even 512 x 512, if A is no larger), and any B for some 100 rows. On CPUs
//     with full vectors of 16 these go through it by slices, 64 rows of 1024 columns, and fetch
//     the next one as it lies: a tile takes two lines of each row, which no prefetcher foresees
//     if rows are pages apart. There AVX2 takes 64 rows of it at a time. For one or two rows, a
//     step of generating text, each weight is used once, and all depends on reading B on and
//     on, as the prefetcher expects.
//   - column.go reads each row of A once for each column of C if that has one or two, and
//     turns it in registers; turned.go computes the transpose of C if A is transposed already.
//   - Packed weights are packed once; then even one row reads them in a single stream.
//
// Rows of A that are a multiple of 4 KiB apart share a set of L1, which holds 8 of its
// lines (12 where it has 48 KB): the tiles have no more rows then.
//
// # Cores: the parts
//
// With several threads C is cut into four parts for each, which parallel.go gives to whoever is
// free: the caller from the first on, helpers from the last, so that a core meets the same
// columns of B when a product is repeated. A goroutine begins some 65 us after it was
// started, when a third of 256 x 256 x 256 is done: nobody waits for one that has not begun, and one
// that has helped stays for as long. Package internal/parallel has the rest.
//
// # One order of sums
//
// None of this changes the result. C is kept in the accumulators or in memory between
// blocks of k, so each element is one chain of multiply-adds in ascending order of p,
// started at beta C and ended by the bias; tiles decide only where it is computed. See
// [Mul].
//
// # Files
//
//	gemm.go           Mul, MulPacked
//	matrix.go         views and their checks
//	direct.go         without packing
//	product.go        the blocks
//	pack.go           panels
//	column.go         one column; column_*.s is its kernel
//	turned.go         few columns
//	parallel.go       several goroutines
//	tile.go           which tile where
//	kernel_*.s        the tiles
//	transpose_*.s     packing columns
//	generic.go        all of it in plain Go, for other machines and for the tests
package gemm
