module github.com/flowenrich/libflowenrich

go 1.19
