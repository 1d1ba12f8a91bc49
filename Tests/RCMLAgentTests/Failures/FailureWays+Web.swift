import RCMLBasics
import RCMLDial

@testable import RCMLAgent

/// Ways in which a document cannot be had or read.
extension FailureWays {
  private static func moved(_ location: String) -> AgentWorld.Reply {
    .answered(HTTPAnswer(status: 302, contentType: "", location: location, body: []))
  }

  static let web: [String: Way] = [
    "web refused connection": { $0.ask(.failed(.connectionRefused)) },
    "web name unknown": { $0.ask(.failed(.unresolved)) },
    "web not reachable": { $0.ask(.failed(.unreachable)) },
    "web connects too slowly": { $0.ask(.failed(.connectTimedOut)) },
    "web too slow": { $0.ask(nil) },
    "web broke off": { $0.ask(.failed(.noAnswer)) },
    "web speaks no HTTP": { $0.ask(.failed(.noStatusLine)) },
    "web without TLS": { $0.ask(.failed(.tls), url: "https://web/voice") },
    "web certificate": { $0.ask(.failed(.certificate), url: "https://web/voice") },
    "web 404": { $0.ask(.status(404)) }, "web 403": { $0.ask(.status(403)) },
    "web 500": { $0.ask(.status(500)) },
    "web redirects without end": { $0.ask(moved("http://web/voice")) },
    "web redirects elsewhere": { $0.ask(moved("ftp://web/voice")) },
    "web answer too large": { $0.ask(.failed(.tooLarge)) },
    "private address": { $0.ask(.failed(.refused)) },
    "URL denied by the host": {
      $0.ask(.status(200), seconds: 1)
      for asked in $0.world.askedURLs {
        $0.world.command(.answer(asked.id, .url(isAllowed: false)))
      }
      $0.world.run(.seconds(1))
    },
    "action not found": { call in
      call.world.web = { _ in .status(404) }
      call.meet(.rejects(486), FailedCall.phone, "action=\"http://web/after\"")
    },
  ]

  private static let broken = "<Response><Dial>\n"

  static let documents: [String: Way] = [
    "document of blanks": { $0.read("  \n") },
    "document is a web page": { $0.read("<html><body>Oops</body></html>", type: "text/html") },
    "document is JSON": { $0.read("{\"a\": 1}", type: "application/json") },
    "broken XML": { $0.read(broken) },
    "wrong root": { $0.read("<note><a/></note>") },
    "DOCTYPE": { $0.read("<!DOCTYPE Response><Response/>") },
    "nested too deep": {
      $0.read(
        String(repeating: "<Response>", count: 20) + String(repeating: "</Response>", count: 20))
    },
    "document too long": {
      let blanks = String(repeating: " ", count: 1_000_000)
      $0.run("<Response>\(blanks)</Response>", seconds: 2)
    },
    "wrong content type": { $0.read("PNG", type: "image/png") },
    "wrong encoding": { $0.read(Array("<Response>".utf8) + [0xff, 0xfe]) },
    "text of the host unreadable": { $0.run(broken, seconds: 2) },
    "documents without end": {
      $0.ask(.document("<Response><Redirect>http://web/voice</Redirect></Response>"))
    },
  ]
}
