module fleetsize

go 1.26

toolchain go1.26.8

require (
	github.com/goccy/go-json v0.10.5
	github.com/maxence-charriere/go-app/v10 v10.1.11
	gonum.org/v1/gonum v0.17.0
)

require (
	github.com/google/uuid v1.6.0 // indirect
	golang.org/x/tools v0.30.0 // indirect
)
