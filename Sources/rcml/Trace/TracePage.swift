/// A journal as one HTML page that needs nothing else: the ladder, and every SIP message to be opened.
struct TracePage {
  let text: String

  init(title: String, ladder: String, messages: [TraceMessage]) {
    let name = TracePage.escaped(title)
    var page = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width">
      <title>\(name)</title>
      <style>
      :root { color-scheme: light dark; }
      body { font: 15px/1.5 sans-serif; margin: 2em; }
      pre { font: 13px/1.25 monospace; overflow-x: auto; margin: .5em 0 1em; }
      details { border-top: 1px solid #8886; }
      details pre { margin-left: 2em; }
      summary { font: 13px/2 monospace; cursor: pointer; white-space: pre-wrap; }
      </style>
      </head>
      <body>
      <h1>\(name)</h1>
      <pre>\(TracePage.escaped(ladder))</pre>
      <h2>SIP messages</h2>

      """
    for message in messages { page += TracePage.details(message) }
    if messages.isEmpty { page += "<p>There are none.</p>\n" }
    text = page + "</body>\n</html>\n"
  }

  private static func details(_ message: TraceMessage) -> String {
    let whole = String(decoding: message.octets, as: UTF8.self)
    let first = whole.split(maxSplits: 1, whereSeparator: \.isNewline).first ?? ""
    let milliseconds = message.microseconds / 1_000
    let seconds = "\(milliseconds / 1_000)." + String(milliseconds % 1_000 + 1_000).dropFirst()
    let head =
      String(repeating: " ", count: max(0, 9 - seconds.count)) + seconds
      + (message.isSent ? "  to   " : "  from ") + message.peer + "  " + first
    return "<details><summary>\(escaped(head))</summary><pre>\(escaped(whole))</pre></details>\n"
  }

  /// Whatever a peer sent is text here, and nothing else.
  private static func escaped(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\"": safe += "&quot;"
      case "'": safe += "&#39;"
      case "\r": break
      case "\n", "\t": safe.unicodeScalars.append(scalar)
      case _ where scalar.value < 32 || (127..<160).contains(scalar.value):
        safe += "\u{FFFD}"
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }
}
