// SPDX-License-Identifier: Apache-2.0
//! VRL among the parsers that bench/peers compares: `sum FILE`, or `lines FORMAT` from stdin.

use std::io::{self, BufRead, BufWriter, Write};
use std::{env, fs, process};

use bytes::Bytes;
use vrl::compiler::runtime::Runtime;
use vrl::compiler::state::ExternalEnv;
use vrl::compiler::{
    CompileConfig, Function, Program, TargetValue, TimeZone, compile_with_external,
};
use vrl::stdlib::ParseAwsVpcFlowLog;
use vrl::value::{Kind, Secrets, Value};

struct Parser {
    program: Program,
    runtime: Runtime,
    target: TargetValue,
}

impl Parser {
    fn new(format: &str) -> Self {
        let functions: [Box<dyn Function>; 1] = [Box::new(ParseAwsVpcFlowLog)];
        // The event is the line itself, which spares VRL looking it up in an object.
        let event = ExternalEnv::new_with_kind(Kind::bytes(), Kind::any_object());
        let format = format.replace('-', "_");
        let source = format!("parse_aws_vpc_flow_log!(., format: {format:?})");
        let program = compile_with_external(&source, &functions, &event, CompileConfig::default())
            .unwrap_or_else(|problems| panic!("{source}: {problems:?}"))
            .program;
        let target = TargetValue {
            value: Value::Null,
            metadata: Value::Object(Default::default()),
            secrets: Secrets::default(),
        };

        Parser {
            program,
            runtime: Runtime::default(),
            target,
        }
    }

    /// The line isn't copied.
    fn parse(&mut self, line: Bytes) -> Option<Value> {
        self.target.value = Value::Bytes(line);
        self.runtime
            .resolve(&mut self.target, &self.program, &TimeZone::default())
            .ok()
    }
}

fn sum(path: &str) -> io::Result<()> {
    let text = Bytes::from(fs::read(path)?);
    let (mut records, mut total, mut bad) = (0u64, 0i64, 0u64);
    let mut ends = memchr::memchr_iter(b'\n', &text);
    let mut start = ends.next().map_or(text.len(), |end| end + 1);
    let header = String::from_utf8_lossy(&text[..start]);
    let mut parser = Parser::new(header.trim_end());

    for end in ends {
        match parser.parse(text.slice(start..end)) {
            Some(Value::Object(record)) => {
                records += 1;
                if let Some(Value::Integer(bytes)) = record.get("bytes") {
                    total += bytes;
                }
            }
            _ => bad += 1,
        }
        start = end + 1;
    }
    println!("{records} {total} {bad}");
    Ok(())
}

fn lines(format: &str) -> io::Result<()> {
    let mut parser = Parser::new(format);
    let mut out = BufWriter::new(io::stdout().lock());

    for line in io::stdin().lock().split(b'\n') {
        match parser.parse(Bytes::from(line?)) {
            Some(record) => serde_json::to_writer(&mut out, &record)?,
            None => write!(out, "bad")?,
        }
        writeln!(out)?;
    }
    out.flush()
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();

    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["sum", path] => sum(path),
        ["lines", format] => lines(format),
        _ => process::exit(2),
    }
}
