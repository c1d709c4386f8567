-- SPDX-License-Identifier: Apache-2.0
-- Tests of bindings/lua, in any Lua: LUA test_lua.lua MODULE, the path of flowenrich.so.
package.cpath = arg[1]
local flowenrich = require("flowenrich")

local LINE = "2 123456789012 eni-0a1 10.0.0.5 10.0.0.9 40000 5432 6 3 420 1772452800 1772452860 ACCEPT OK"
local NODATA = "2 123456789012 eni-0a1 - - - - - - - 1772452800 1772452860 - NODATA"
local FLAT = "enrich: false\nfields: [bytes]\n"
local DOCUMENT = [[{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-0a1", "VpcId": "vpc-1",
    "PrivateIpAddress": "10.0.0.5", "TagSet": [{"Key": "app", "Value": "orders"}]}]}]]

local function equal(got, wanted, what)
    if got ~= wanted then
        error(("%s is %s, wanted was %s"):format(what or "it", tostring(got), tostring(wanted)), 2)
    end
end

-- The message of an error that is wanted, which must have a text in it.
local function fails(text, f, ...)
    local ok, message = pcall(f, ...)
    if ok or not tostring(message):find(text, 1, true) then
        error("it says " .. tostring(message) .. ", wanted was " .. text, 2)
    end
end

local tests = {}

function tests.the_version_is_that_of_the_library()
    assert(flowenrich.version:match("^%d+%.%d+%.%d+$"))
end

function tests.bytes_go_in_and_encoded_bytes_come_out()
    local p = flowenrich.pipeline(FLAT)
    equal(p:run(LINE .. "\n" .. LINE), '{"bytes":420}\n{"bytes":420}\n')
    equal(p:run(""), "")
    equal(select("#", p:run(LINE)), 2)
    equal(select(2, p:run(LINE)), nil)
end

function tests.how_an_input_is_cut_changes_nothing()
    local log = LINE .. "\n" .. NODATA .. "\nhello\n" .. LINE
    local whole = flowenrich.pipeline():run(log)
    assert(#whole > 100)
    for size = 1, #log, 7 do
        local p, out = flowenrich.pipeline(), {}
        for at = 1, #log, size do
            out[#out + 1] = (p:feed(log:sub(at, at + size - 1)))
        end
        out[#out + 1] = (p:finish())
        equal(table.concat(out), whole, "cut every " .. size .. " bytes, it")
    end
end

function tests.a_line_becomes_a_table()
    local p = flowenrich.pipeline()
    p:load(DOCUMENT, { observed_at = 1772452830 })
    local record = p:enrich(LINE)
    equal(record.Client.Addr, "10.0.0.5")
    equal(record.Client.Tags.app, "orders")
    equal(record.Client.Rfc1918, true)
    equal(record.Server.Port, 5432)
    equal(record.Uploaded, 420)
    equal(record.Direction.Confidence, 0.8)
    equal(p:enrich(LINE .. "\n").Uploaded, 420, "with a newline, it")
    equal(p:stats().named_interface, 2)
end

function tests.absent_values_are_nil()
    local p = flowenrich.pipeline("encoder: json-flat\nfields: [log_status, uploaded]")
    local record = p:enrich(NODATA)
    equal(record.log_status, "NODATA")
    equal(record.uploaded, nil)
end

function tests.lists_are_sequences()
    local p = flowenrich.pipeline("fields: [server.arns]\nnetworks: [{cidr: 10.0.0.9/32, name: o}]")
    equal(next(p:enrich(LINE)), nil)
    p:load(DOCUMENT:gsub("10.0.0.5", "10.0.0.9"):gsub('"TagSet"',
        '"Attachment": {"InstanceId": "i-1", "Status": "attached"}, "OwnerId": "1", '
            .. '"AvailabilityZone": "us-east-1a", "TagSet"'), { observed_at = 1772452830 })
    local arns = p:enrich(LINE).Server.Arns
    equal(#arns, 1)
    assert(arns[1]:match("^arn:aws:ec2:.*instance/i%-1$"))
end

function tests.counters_beyond_2_53_are_strings()
    local p = flowenrich.pipeline(FLAT .. "formats: ['bytes dstport']")
    for digits, type_wanted in pairs({
        ["0"] = "number", ["4294967296"] = "number", ["9007199254740992"] = "number",
        ["9007199254740993"] = "string", ["18446744073709551615"] = "string",
    }) do
        local bytes = p:enrich(digits .. " 1").bytes
        equal(type(bytes), type_wanted, digits)
        equal(type(bytes) == "string" and bytes or ("%.0f"):format(bytes), digits)
    end
end

function tests.what_gives_no_table_says_why()
    local p = flowenrich.pipeline("filter: {action: REJECT}")
    for line, wanted in pairs({
        [LINE] = "left out", -- by the filter
        [NODATA] = "left out", -- no traffic
        ["hello"] = "no_format",
        [LINE:gsub("420", "x")] = "bad_number in bytes",
    }) do
        local record, why = p:enrich(line)
        equal(record, nil)
        equal(why, wanted, line)
    end
    fails("one line is wanted", p.enrich, p, LINE .. "\n" .. LINE)
    fails("one line is wanted", p.enrich, p, "")
end

function tests.rows_of_one_row_batches_are_not_lost()
    local p = flowenrich.pipeline(FLAT .. "limits: {rows: 1}")
    equal(p:enrich(LINE).bytes, 420)
    equal(p:run(LINE .. "\n" .. LINE), '{"bytes":420}\n{"bytes":420}\n')
end

function tests.odd_texts_come_through()
    local p = flowenrich.pipeline(FLAT:gsub("bytes", "instance_id") .. "formats: ['instance-id bytes']")
    for _, text in ipairs({ 'a"b', "a\\b", "\"", "\\\\n", "ä€", ("x"):rep(1000) .. '"' }) do
        equal(p:enrich(text .. " 1").instance_id, text)
    end
end

function tests.what_is_broken_is_told_and_passed_over()
    local out, complaint = flowenrich.pipeline(FLAT):run('{"logEvents": [}')
    equal(out, "")
    assert(complaint)
end

function tests.mistakes_are_raised()
    fails("unknown key 'feilds'", flowenrich.pipeline, "feilds: [bytes]")
    fails("line 1, column 1", flowenrich.pipeline, "feilds: [bytes]")
    fails("string", flowenrich.pipeline, {})
    local p = flowenrich.pipeline()
    fails("JSON", p.load, p, "{")
    fails("no date", p.load, p, DOCUMENT)
    equal(p:enrich(LINE).Uploaded, 420, "after that, it")
    p:feed("2 123")
    fails("isn't over", p.enrich, p, LINE)
    p:finish()
end

-- Its files are made up, and what it writes is kept.
function tests.what_the_manual_shows_can_be_run()
    local here = arg[0]:match("^(.*)/") or "."
    local block = assert(io.open(here .. "/../../docs/lua.md")):read("*a"):match("```lua\n(.-)```")
    local files, written = { ["inventory.json"] = DOCUMENT, ["flows.log"] = LINE }, {}
    local function open(name)
        return { read = function() return files[name] end }
    end
    local function write(text)
        written[#written + 1] = text
    end
    local names = setmetatable({ io = { open = open, write = write } }, { __index = _G })
    local run
    if setfenv then
        run = setfenv(assert(loadstring(block)), names)
    else
        run = assert(load(block, "docs/lua.md", "t", names))
    end
    run()
    equal(table.concat(written), '{"start":1772452800,"client.tags.app":"orders",'
        .. '"server.addr":"10.0.0.9","bytes":420}\n')
end

function tests.a_pipeline_that_is_over_says_so()
    local p = flowenrich.pipeline(FLAT .. "limits: {bad_lines: 1}")
    fails("lines can't be read", p.run, p, "x\nx\nx\n")
    fails("closed, or failed before", p.run, p, LINE)
    p = flowenrich.pipeline()
    p:close()
    p:close()
    fails("closed, or failed before", p.enrich, p, LINE)
    fails("flowenrich.pipeline", flowenrich.pipeline().run, {}, LINE)
end

function tests.many_pipelines_are_collected()
    for _ = 1, 300 do
        flowenrich.pipeline(FLAT):run(LINE)
    end
    collectgarbage()
end

local failed = 0
for name, test in pairs(tests) do
    local ok, why = pcall(test)
    if not ok then
        failed = failed + 1
        io.stderr:write(name, ": ", tostring(why), "\n")
    end
end
print(_VERSION, failed == 0 and "passed" or failed .. " failed")
os.exit(failed == 0)
