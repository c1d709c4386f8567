-- SPDX-License-Identifier: Apache-2.0
-- feed.lua CONFIG INVENTORY TIME LOG SIZE, in LUA_CPATH's module: a log through a pipeline, SIZE bytes at a time.
local flowenrich = require("flowenrich")

local function content(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read("*a")
    file:close()
    return text
end

local config, inventory, at, log, size = arg[1], arg[2], tonumber(arg[3]), arg[4], tonumber(arg[5])
local p = flowenrich.pipeline(content(config))
p:load(content(inventory), { observed_at = at })
local file = assert(io.open(log, "rb"))
for piece in function() return file:read(size) end do
    io.write((p:feed(piece)))
end
io.write((p:finish()))
