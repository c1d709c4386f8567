// SPDX-License-Identifier: Apache-2.0

// Package arrow gives batches of flowenrich's to arrow-go, and takes rows from it. Nothing of the columns is copied but
// texts that aren't UTF-8.
package arrow

import (
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/cdata"

	"github.com/flowenrich/libflowenrich/bindings/go/flowenrich"
)

// Record moves the rows of a batch, which is empty afterwards, out to a record that is to be released. What
// its columns are, docs/arrow.md tells.
func Record(batch *flowenrich.Batch, options flowenrich.ArrowOptions) (arrow.RecordBatch, error) {
	schema, array := new(cdata.CArrowSchema), new(cdata.CArrowArray)
	if err := batch.ExportArrow(unsafe.Pointer(schema), unsafe.Pointer(array), options); err != nil {
		return nil, err
	}
	return cdata.ImportCRecordBatch(array, schema)
}

// Feed gives the rows of a record to a pipeline, between inputs, as records that were logged: of what Parquet
// files of AWS's have, say. It calls each with the batches that come of it, which are gone when it returns.
func Feed(p *flowenrich.Pipeline, record arrow.RecordBatch, each func(*flowenrich.Batch) error) error {
	schema, array := new(cdata.CArrowSchema), new(cdata.CArrowArray)
	cdata.ExportArrowRecordBatch(record, array, schema)
	defer cdata.ReleaseCArrowSchema(schema)
	defer cdata.ReleaseCArrowArray(array)

	for row := 0; row < int(record.NumRows()); {
		var err error
		row, err = p.ImportArrow(unsafe.Pointer(schema), unsafe.Pointer(array), row)
		if err != nil {
			return err
		}
		if batch := p.Batch(); batch != nil {
			if err := each(batch); err != nil {
				return err
			}
		}
	}
	return nil
}
