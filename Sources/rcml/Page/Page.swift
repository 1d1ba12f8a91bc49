/// A trace as one HTML page that needs nothing else. What peers sent stands in it as JSON that no browser runs, and becomes
/// text by way of `textContent` alone; the nonce lets nothing run but the page's own script.
struct Page {
  let octets: [UInt8]

  /// Of a journal: everything is in it.
  init(objects: [String], title: String) {
    let data = PageData(objects)
    var body = ""
    body += Page.json(data.list, id: "calls")
    for (index, call) in data.calls.enumerated() {
      body += Page.json(PageData.array(call.entries), id: "call-\(index)")
    }
    body += Page.json(PageData.array(data.outside), id: "outside")
    self.init(title: title, data: body, connects: false)
  }

  /// Of a running agent: it asks for the calls itself.
  init(live title: String) { self.init(title: title, data: "", connects: true) }

  private init(title: String, data: String, connects: Bool) {
    let nonce = Page.nonce()
    let policy =
      "default-src 'none'; style-src 'nonce-\(nonce)'; script-src 'nonce-\(nonce)'; "
      + "img-src data:; base-uri 'none'; form-action 'none'"
      + (connects ? "; connect-src 'self'" : "")
    let text = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <title>\(Page.escaped(title))</title>
      <link rel="icon" href="data:,">
      <style nonce="\(nonce)">
      \(PageStyle.text)
      </style>
      </head>
      <body data-live="\(connects)">
      <noscript><p>This page shows its calls with a script of its own. As text they are in: rcml trace.</p></noscript>
      <div id="page"></div>
      \(data)<script nonce="\(nonce)">
      \(PageScript.text)
      </script>
      </body>
      </html>

      """
    octets = Array(text.utf8)
  }

  /// No markup can begin in it.
  private static func json(_ text: String, id: String) -> String {
    var safe: [UInt8] = []
    safe.reserveCapacity(text.utf8.count + 256)
    for octet in text.utf8 {
      if octet == UInt8(ascii: "<") { safe += "\\u003c".utf8 } else { safe.append(octet) }
    }
    return "<script type=\"application/json\" id=\"\(id)\">"
      + String(decoding: safe, as: UTF8.self) + "</script>\n"
  }

  static func escaped(_ text: String) -> String {
    var safe = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\"": safe += "&quot;"
      case "'": safe += "&#39;"
      default: safe.unicodeScalars.append(character)
      }
    }
    return safe
  }

  private static func nonce() -> String {
    var random = SystemRandomNumberGenerator()
    return String(random.next(), radix: 16) + String(random.next(), radix: 16)
  }
}
