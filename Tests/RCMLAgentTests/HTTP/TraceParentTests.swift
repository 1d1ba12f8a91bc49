import RCMLBasics
import RCMLSIP
import Testing

@testable import RCMLAgent

/// The header `traceparent` (spec H-35, W3C Trace Context).
struct TraceParentTests {
  private func traces(_ settings: [(String, String)]) -> (sid: String?, lines: [String?]) {
    let world = AgentWorld(settings: settings)
    world.web = { _ in
      .document(
        "<Response><Dial action=\"/after\"><Sip statusCallback=\"/status\">sip:a@127.0.0.1:5081</Sip>"
          + "</Dial></Response>")
    }
    world.command(.defaultDocument(.url("http://web.example/voice", method: "POST")))
    _ = world.phone(5081, .rejects(486))
    world.phone(5070).call()
    world.run(.seconds(2))
    return (
      world.requests.first?["CallSid"],
      world.requests.map { request in
        request.exchange.headers.first { $0.isNamed("traceparent") }.map {
          String(decoding: $0.value, as: UTF8.self)
        }
      }
    )
  }

  @Test func everyRequestOfACallIsASpanOfItsTrace() throws {
    let (sid, lines) = traces([])
    let trace = try #require(sid).dropFirst(2)
    #expect(lines.count >= 4)
    let spans = try lines.map { line in
      let parts = try #require(line).split(separator: "-")
      #expect(parts.count == 4 && parts[0] == "00" && parts[1] == trace && parts[3] == "01")
      #expect(parts[2].utf8.count == 16 && parts[2].allSatisfy(\.isHexDigit))
      return parts[2]
    }
    #expect(Set(spans).count == spans.count)
  }

  @Test func aSettingSwitchesItOff() {
    let (_, lines) = traces([("traceparent", "false")])
    #expect(lines.count >= 4 && lines.allSatisfy { $0 == nil })
  }
}
