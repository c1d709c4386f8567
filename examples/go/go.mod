module github.com/flowenrich/libflowenrich/examples/go

go 1.19

require (
	github.com/aws/aws-lambda-go v1.47.0
	github.com/flowenrich/libflowenrich v0.0.0
)

replace github.com/flowenrich/libflowenrich => ../..
