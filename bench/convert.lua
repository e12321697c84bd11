-- wrk script: sends one document again and again.
-- Environment: DOCUMENT, the path of the document; KEY, an API key, if the server has keys; SURFACE, the interface that it
-- is sent to: `native` (POST /v1/convert, by default), `docling` or `mistral`. Prints one line that http_convert.py reads.

local file = assert(io.open(os.getenv("DOCUMENT"), "rb"))
local document = file:read("*a")
file:close()

local surface = os.getenv("SURFACE") or "native"
local is_pdf = document:sub(1, 5) == "%PDF-"
local media_type = is_pdf and "application/pdf" or "text/plain"
local name = is_pdf and "document.pdf" or "document.txt"

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
if os.getenv("KEY") then
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("KEY")
end
if surface == "mistral" then
  wrk.headers["Content-Type"] = "application/json"
  wrk.body = '{"model":"mistral-ocr-latest","document":{"type":"document_url","document_url":"data:' .. media_type
    .. ";base64," .. base64(document) .. '"}}'
else
  local boundary = "ilios-bench-boundary"
  local field = surface == "docling" and "files" or "file"
  wrk.headers["Content-Type"] = "multipart/form-data; boundary=" .. boundary
  wrk.body = table.concat({
    "--" .. boundary,
    'Content-Disposition: form-data; name="' .. field .. '"; filename="' .. name .. '"',
    "Content-Type: " .. media_type,
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
  local errors = summary.errors
  print(string.format(
    "RESULT requests=%d seconds=%.6f p50_ms=%.3f p99_ms=%.3f not_200=%d socket_errors=%d",
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    other_statuses, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
