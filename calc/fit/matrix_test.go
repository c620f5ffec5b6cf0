package fit

import (
	"math"
	"math/rand"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// Factor, solution and inverse are those of gonum's package mat.
func TestSymmetricAgainstGonum(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	for n := 1; n <= 14; n++ {
		s, want := newSymmetric(n), mat.NewSymDense(n, nil)
		rows := make([][]float64, n+3)
		for k := range rows {
			rows[k] = make([]float64, n)
			for i := range n {
				rows[k][i] = rnd.NormFloat64()
			}
		}
		for i := range n {
			for j := range n {
				for k := range rows {
					s.a[i*n+j] += rows[k][i] * rows[k][j]
				}
			}
		}
		for i := range n {
			for j := range n {
				want.SetSym(i, j, s.at(i, j))
			}
		}
		var chol mat.Cholesky
		if !chol.Factorize(want) {
			t.Fatal("not definite")
		}
		factor, ok := s.factor(0)
		if !ok {
			t.Fatalf("n = %d: no factor", n)
		}
		x, y := make([]float64, n), mat.NewVecDense(n, nil)
		for i := range x {
			x[i] = rnd.NormFloat64()
		}
		if err := chol.SolveVecTo(y, mat.NewVecDense(n, append([]float64(nil), x...))); err != nil {
			t.Fatal(err)
		}
		factor.solve(x)
		var inverse mat.SymDense
		if err := chol.InverseTo(&inverse); err != nil {
			t.Fatal(err)
		}
		inv := factor.inverse()
		for i := range n {
			if math.Abs(x[i]-y.AtVec(i)) > 1e-9*(1+math.Abs(y.AtVec(i))) {
				t.Errorf("n = %d: solution %v, want %v", n, x[i], y.AtVec(i))
			}
			for j := range n {
				if math.Abs(inv.at(i, j)-inverse.At(i, j)) > 1e-8*(1+math.Abs(inverse.At(i, j))) {
					t.Errorf("n = %d: inverse %v, want %v", n, inv.at(i, j), inverse.At(i, j))
				}
			}
		}
	}
	if _, ok := (&symmetric{2, []float64{1, 2, 2, 1}}).factor(0); ok {
		t.Error("an indefinite matrix has a factor")
	}
	if _, ok := newSymmetric(0).factor(0); ok {
		t.Error("an empty matrix has a factor")
	}
}
