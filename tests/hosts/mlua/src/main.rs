// SPDX-License-Identifier: Apache-2.0
//! Runs the transform of plugins/vector/lua.yaml as Vector does: MODULE, INVENTORY and CONFIGURATION.

use mlua::{Function, Lua, LuaOptions, StdLib, Table, Value};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::Arc;

const LINE: &str = "2 123456789012 eni-0a1 10.0.0.5 10.0.0.9 40000 5432 6 3 \
                    18446744073709551615 1772452800 1772452860 ACCEPT OK";

/// An event with this message, after the transform.
fn run(lua: &Lua, message: &str) -> mlua::Result<Table> {
    let event = lua.create_table()?;
    let log = lua.create_table()?;
    log.set("message", message)?;
    event.set("log", log)?;
    let emitted = Arc::new(AtomicU32::new(0));
    let counter = emitted.clone();
    let emit = lua.create_function(move |_, _: Value| {
        counter.fetch_add(1, Ordering::Relaxed);
        Ok(())
    })?;
    let process: Function = lua.globals().get("process")?;
    process.call::<()>((event.clone(), emit))?;
    assert_eq!(emitted.load(Ordering::Relaxed), 1);
    event.get("log")
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, module, inventory, configuration] = &arguments[..] else {
        return Err("MODULE INVENTORY CONFIGURATION are wanted".into());
    };
    let text = std::fs::read_to_string(configuration)?;
    let yaml: serde_yaml::Value = serde_yaml::from_str(&text)?;
    let source = yaml["transforms"]["flows"]["source"]
        .as_str()
        .ok_or("there is no source")?
        .replace("/usr/local/lib/lua/5.4/?.so", module)
        .replace("/etc/flowenrich/inventory.json", inventory);

    let lua = unsafe { Lua::unsafe_new_with(StdLib::ALL_SAFE, LuaOptions::default()) };
    lua.load(source).exec()?;
    let flow: Table = run(&lua, LINE)?.get("flow")?;
    let client: Table = flow.get("Client")?;
    assert_eq!(client.get::<String>("Addr")?, "10.0.0.5");
    assert_eq!(client.get::<Table>("Tags")?.get::<String>("app")?, "orders");
    assert_eq!(flow.get::<String>("Uploaded")?, "18446744073709551615");
    assert_eq!(flow.get::<i64>("Start")?, 1772452800);
    let other = run(&lua, "something else")?;
    assert!(other.get::<Value>("flow")?.is_nil());

    for _ in 0..10_000 {
        run(&lua, LINE)?;
    }
    lua.gc_collect()?;
    println!("passed");
    Ok(())
}
