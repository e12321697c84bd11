-- wrk script: uploads one document to POST /v1/convert again and again.
-- Environment: DOCUMENT, the path of the document; KEY, an API key, if the server has keys. Prints one line that http_convert.py reads.

local file = assert(io.open(os.getenv("DOCUMENT"), "rb"))
local document = file:read("*a")
file:close()

local boundary = "ilios-bench-boundary"
wrk.method = "POST"
wrk.headers["Content-Type"] = "multipart/form-data; boundary=" .. boundary
if os.getenv("KEY") then
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("KEY")
end
wrk.body = table.concat({
  "--" .. boundary,
  'Content-Disposition: form-data; name="file"; filename="document.txt"',
  "Content-Type: text/plain",
  "",
  document,
  "--" .. boundary .. "--",
  "",
}, "\r\n")

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
