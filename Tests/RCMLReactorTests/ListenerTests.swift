import RCMLBasics
import RCMLReactor
import Testing

/// Spec Q-4.
struct ListenerTests {
  private func failure(_ text: String, on reactor: Reactor) -> ReactorError? {
    do throws(ReactorError) {
      try reactor.listen(text)
      return nil
    } catch { return error }
  }

  @Test func portInUseIsSaidPlainlyForBothTransports() throws {
    let rig = try Rig()
    for transport in ["udp", "tcp"] {
      let bound = try rig.reactor.listen("\(transport):127.0.0.1:0")
      let error = try #require(failure(bound.text, on: rig.reactor))
      #expect(error.kind == .bind)
      #expect(error.text.contains("the port is in use") && error.text.contains(bound.text))
    }
    #expect(rig.reactor.boundAddresses.count == 2)
  }

  @Test func anAddressOfAnotherMachineIsSaidPlainly() throws {
    let rig = try Rig()
    let error = try #require(failure("udp:192.0.2.1:0", on: rig.reactor))
    #expect(error.kind == .bind && error.text.contains("none of this machine's"))
  }

  @Test(arguments: [
    "", "udp", "udp:", "udp:127.0.0.1", "udp:127.0.0.1:65536", "udp:127.0.0.1:-1", "udp::5060",
    "sctp:127.0.0.1:5060", "tls:127.0.0.1", "udp:::1:5060", "udp:[127.0.0.1]:5060",
    "udp:127.0.0.1:5060;", "udp:127.0.0.1:5060;public", "udp:127.0.0.1:5060;public=",
    "udp:127.0.0.1:5060;public=a b", "udp:127.0.0.1:5060;public=1.2.3.4:0",
    "udp:127.0.0.1:5060;public=1.2.3.4:65536", "udp:127.0.0.1:5060;public=1.2.3.4:",
    "udp:127.0.0.1:5060;public=::1", "udp:127.0.0.1:5060;public=[1.2.3.4]",
    "udp:127.0.0.1:5060;public=[::1]5060", "udp:127.0.0.1:5060;private=1.2.3.4",
    "udp:localhost:5060", "udp:127.0.0.1:5060x", "udp:127.0.0.1:", "tcp:[]:1", "udp:1.2.3:5",
  ])
  func anAddressThatCannotBeReadIsRefusedWithAnExample(text: String) throws {
    let rig = try Rig()
    let error = try #require(failure(text, on: rig.reactor))
    #expect(error.kind == .address && error.text.contains("udp:127.0.0.1:5060"))
  }

  @Test func addressesAreShownAsTheyAreWritten() throws {
    for text in ["udp:127.0.0.1:5060", "tcp:[::1]:5060", "udp:[2001:db8::1]:0"] {
      #expect(try ListenerAddress(parsing: text).text == text)
    }
    for text in [
      "udp:127.0.0.1:5060;public=203.0.113.1", "tcp:127.0.0.1:5060;public=203.0.113.1:5070",
      "udp:[::1]:5060;public=[2001:db8::1]", "udp:[::1]:5060;public=[2001:db8::1]:5062",
      "udp:127.0.0.1:5060;public=sip.example.com",
    ] {
      #expect(try ListenerAddress(parsing: text).text == text)
    }
    #expect(try ListenerAddress(parsing: "tcp:[::1]:5").uri == "sip:[::1]:5;transport=tcp")
  }

  // T-5, U-64: what is shown has the port that was bound, unless the option names the one outside.
  @Test(arguments: [("203.0.113.1", nil), ("203.0.113.1:5070", "203.0.113.1:5070")])
  func theCoreIsToldUnderWhichAddressAListenerIsKnownOutside(value: String, place: String?) throws {
    let rig = try Rig()
    let bound = try rig.reactor.listen("udp:127.0.0.1:0;public=\(value)")
    let expected = place ?? "203.0.113.1:\(bound.address.port)"
    #expect(rig.core.shown == [expected])
    #expect(bound.uri == "sip:127.0.0.1:\(bound.address.port);transport=udp")
  }
}
