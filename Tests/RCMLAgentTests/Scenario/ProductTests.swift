import RCMLBasics
import RCMLSIP
import Testing

@testable import RCMLAgent

/// What the product calls itself, in SIP and in HTTP. // U-66, H-5
struct ProductTests {
  private func fields(_ settings: [(String, String)]) -> [String] {
    let world = AgentWorld(settings: settings)
    world.web = { _ in .document(AgentWorld.dial(5081)) }
    world.command(.defaultDocument(.url("http://web.example/voice", method: "POST")))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    let request = world.requests.first?.exchange.headers.first { $0.isNamed("user-agent") }
    return [
      field("User-Agent", callee.message("INVITE")), field("Server", caller.message("SIP/2.0 180")),
      field("Server", caller.message("SIP/2.0 200")),
      request.map { String(decoding: $0.value, as: UTF8.self) } ?? "none",
    ]
  }

  private func field(_ name: String, _ message: String?) -> String {
    guard let message else { return "no message" }
    return message.split(separator: "\r\n").first { $0.hasPrefix(name + ": ") }.map {
      String($0.dropFirst(name.utf8.count + 2))
    } ?? "none"
  }

  @Test func itsNameHasItsVersionEverywhere() {
    let name = "librcml/\(Product.version)"
    #expect(fields([]) == [name, name, name, name])
  }

  @Test func aSettingTakesItsPlaceEverywhere() {
    let name = "Desk/2 (front; Jörg)"
    #expect(fields([("product", name)]) == [name, name, name, name])
  }

  @Test func anEmptyNameIsSaidNowhere() {
    #expect(fields([("product", "")]) == ["none", "none", "none", "none"])
  }
}
