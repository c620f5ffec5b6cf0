package fit

import (
	"gonum.org/v1/gonum/blas"
	blasgonum "gonum.org/v1/gonum/blas/gonum"
	lapack "gonum.org/v1/gonum/lapack/gonum"
)

// symmetric is a symmetric matrix by rows; both halves are kept. The routines
// of gonum's BLAS and LAPACK are called as they are: package mat around them
// would make the program in the browser 2 % larger.
type symmetric struct {
	n int
	a []float64
}

func newSymmetric(n int) *symmetric { return &symmetric{n, make([]float64, n*n)} }

func (s *symmetric) at(i, j int) float64 { return s.a[i*s.n+j] }

// factor is the upper Cholesky factor U of s + extra·diag(s), UᵀU; ok is false
// where that is not positive definite.
func (s *symmetric) factor(extra float64) (u *symmetric, ok bool) {
	u = &symmetric{s.n, append([]float64(nil), s.a...)}
	for i := range s.n {
		u.a[i*s.n+i] *= 1 + extra
	}
	return u, s.n > 0 && lapack.Implementation{}.Dpotf2(blas.Upper, s.n, u.a, s.n)
}

// solve replaces x by the solution of UᵀU·y = x for a factor U.
func (s *symmetric) solve(x []float64) {
	var b blasgonum.Implementation
	b.Dtrsv(blas.Upper, blas.Trans, blas.NonUnit, s.n, s.a, s.n, x, 1)
	b.Dtrsv(blas.Upper, blas.NoTrans, blas.NonUnit, s.n, s.a, s.n, x, 1)
}

// inverse is the inverse of the matrix that a factor belongs to.
func (s *symmetric) inverse() *symmetric {
	inv := newSymmetric(s.n)
	for i := range s.n {
		column := inv.a[i*s.n : (i+1)*s.n] // its mirror image: symmetric
		column[i] = 1
		s.solve(column)
	}
	return inv
}
