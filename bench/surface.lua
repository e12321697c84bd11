-- wrk script: sends one document to an interface of another product again and again.
-- Environment: DOCUMENT, the path of the document; SURFACE, `native`, `docling` or `mistral`; KEY, an API key. Prints one line that
-- compat_speed.py reads.

local file = assert(io.open(os.getenv("DOCUMENT"), "rb"))
local document = file:read("*a")
file:close()

local surface = os.getenv("SURFACE")
local signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function base64(bytes)
  local out = {}
  for at = 1, #bytes, 3 do
    local a, b, c = bytes:byte(at, at + 2)
    local number = a * 65536 + (b or 0) * 256 + (c or 0)
    local four = ""
    for place = 3, 0, -1 do
      local digit = math.floor(number / 64 ^ place) % 64
      four = four .. signs:sub(digit + 1, digit + 1)
    end
    if not b then
      four = four:sub(1, 2) .. "=="
    elseif not c then
      four = four:sub(1, 3) .. "="
    end
    out[#out + 1] = four
  end
  return table.concat(out)
end

wrk.method = "POST"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("KEY")
if surface == "mistral" then
  wrk.headers["Content-Type"] = "application/json"
  wrk.body = '{"model":"mistral-ocr-latest","document":{"type":"document_url","document_url":"data:application/pdf;base64,'
    .. base64(document) .. '"}}'
else
  local boundary = "ilios-bench-boundary"
  local field = surface == "docling" and "files" or "file"
  wrk.headers["Content-Type"] = "multipart/form-data; boundary=" .. boundary
  wrk.body = table.concat({
    "--" .. boundary,
    'Content-Disposition: form-data; name="' .. field .. '"; filename="document.pdf"',
    "Content-Type: application/pdf",
    "",
    document,
    "--" .. boundary .. "--",
    "",
  }, "\r\n")
end

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init()
  other = 0
end

function response(status)
  if status ~= 200 then
    other = other + 1
  end
end

function done(summary, latency)
  local other_statuses = 0
  for _, thread in ipairs(threads) do
    other_statuses = other_statuses + thread:get("other")
  end
  print(string.format("RESULT %d %.6f %d", summary.requests, summary.duration / 1e6, other_statuses))
end
