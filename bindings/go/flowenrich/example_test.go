// SPDX-License-Identifier: Apache-2.0

package flowenrich_test

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/flowenrich/libflowenrich/bindings/go/flowenrich"
)

const log = `2 123456789012 eni-0a1 10.0.0.5 10.0.0.9 40000 5432 6 3 420 1772452800 1772452860 ACCEPT OK
2 123456789012 eni-0a1 10.0.0.9 10.0.0.5 5432 40000 6 2 99 1772452800 1772452860 ACCEPT OK
`

const inventory = `{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-0a1", "VpcId": "vpc-1",
	"PrivateIpAddress": "10.0.0.5", "TagSet": [{"Key": "app", "Value": "orders"}]}]}`

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func ExamplePipeline_Copy() {
	ctx := context.Background()
	p, err := flowenrich.NewPipeline([]byte("fields: [client.tags.app, server.addr, uploaded]"))
	check(err)
	defer p.Close()
	_, err = p.Load([]byte(inventory), flowenrich.ObservedAt(time.Unix(1772452830, 0)))
	check(err)

	check(p.Copy(ctx, os.Stdout, strings.NewReader(log), nil))
	check(p.Flush(ctx, os.Stdout))
	// Output:
	// {"Client":{"Tags":{"app":"orders"}},"Server":{"Addr":"10.0.0.9"},"Uploaded":420}
	// {"Client":{"Tags":{"app":"orders"}},"Server":{"Addr":"10.0.0.9"}}
}

func ExamplePipeline_Read() {
	ctx := context.Background()
	p, err := flowenrich.NewPipeline([]byte("encoder: none"))
	check(err)
	defer p.Close()

	sums := make(map[netip.Addr]uint64)
	each := func(batch *flowenrich.Batch) error {
		return batch.View(func(v flowenrich.View) error {
			servers, err := v.Column("server.addr")
			check(err)
			bytes, err := v.Column("bytes")
			check(err)
			for row := 0; row < batch.Rows(); row++ {
				sums[servers.Addr(row)] += bytes.Uint(row)
			}
			return nil
		})
	}
	check(p.Read(ctx, strings.NewReader(log), nil, each))
	check(p.Finish(ctx, each))
	fmt.Println(sums)
	// Output:
	// map[10.0.0.9:519]
}

func ExampleParser() {
	parser, err := flowenrich.NewParser(flowenrich.Fields("bytes", "action"))
	check(err)
	defer parser.Close()
	batch, err := flowenrich.NewBatch(0)
	check(err)
	defer batch.Close()

	check(parser.Reset(strings.NewReader(log), nil))
	for {
		err := parser.Read(batch)
		if err == io.EOF {
			break
		}
		check(err)
		bytes, err := batch.Column("bytes")
		check(err)
		fmt.Println(bytes.U64)
	}
	// Output:
	// [420 99]
}

func ExampleResolver() {
	ctx := context.Background()
	p, err := flowenrich.NewPipeline([]byte("fields: [server.network, server.by]"))
	check(err)
	defer p.Close()
	check(p.AddResolver("table", flowenrich.ResolverFunc(
		func(_ context.Context, questions []flowenrich.Question, answers []flowenrich.Answer) error {
			for i, q := range questions {
				if q.Addr == netip.MustParseAddr("10.0.0.9") {
					answers[i].Set("network", "databases")
				}
			}
			return nil
		}), nil))

	check(p.Copy(ctx, os.Stdout, strings.NewReader(log), nil))
	check(p.Flush(ctx, os.Stdout))
	// Output:
	// {"Server":{"Network":"databases","By":"table"}}
	// {"Server":{"Network":"databases","By":"table"}}
}

func ExampleEnvelope() {
	envelope, err := flowenrich.NewEnvelope()
	check(err)
	defer envelope.Close()
	check(envelope.Reset([]byte(`{"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
		"s3": {"bucket": {"name": "logs"}, "object": {"key": "AWSLogs/flow.log.gz"}}}]}`), nil))
	for {
		message, err := envelope.Next()
		if err == io.EOF {
			break
		}
		check(err)
		if message.IsObject { // to be fetched, and given to Reset
			fmt.Println(message.Source.Bucket, message.Source.Key)
		}
	}
	// Output:
	// logs AWSLogs/flow.log.gz
}

func ExampleOpenSnapshot() {
	catalog, err := flowenrich.NewCatalog()
	check(err)
	defer catalog.Close()
	_, err = catalog.Load([]byte(inventory), flowenrich.ObservedAt(time.Unix(1772452830, 0)))
	check(err)
	made, err := catalog.Publish()
	check(err)
	path := filepath.Join(os.TempDir(), "flowenrich-example.image")
	defer os.Remove(path)
	check(made.Save(path)) // once, by one process

	snapshot, err := flowenrich.OpenSnapshot(path) // at once, by any number of others
	check(err)
	defer snapshot.Close()
	fmt.Println(snapshot.Stats()["interfaces"])
	// Output:
	// 1
}
