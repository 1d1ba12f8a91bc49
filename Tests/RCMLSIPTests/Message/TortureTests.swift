import RCMLBasics
import Testing

@testable import RCMLSIP

/// RFC 4475 and RFC 5118, as far as the message layer decides (spec Q-24). What a user agent answers to the
/// accepted ones is tested above it.
struct TortureTests {
  /// The rows this layer refuses, with the status of the index. Everything else must be read.
  static let refusals: [String: UInt16] = [
    "clerr": 400, "scalar02": 400, "quotbal": 400, "lwsruri": 400, "trws": 400, "badaspec": 400,
    "badvers": 505, "mismatch02": 501, "badbranch": 400, "multi01": 400,
  ]

  @Test func theCorpusIsComplete() {
    #expect(TortureIndex.rows.count == 31)
  }

  @Test(arguments: TortureIndex.rows)
  func everyMessageIsReadOrRefusedAsTheIndexSays(row: TortureIndex.Row) {
    switch read(row.bytes, over: .udp) {
    case .keepAlive: Issue.record("a keep-alive?")
    case .message(let message):
      #expect(TortureTests.refusals[row.name] == nil, "must be refused")
      #expect(row.objectLayer != "framing" && row.objectLayer != "start-line")
      #expect(message.isRequest == row.isRequest)
      if row.isRequest { #expect(message.methodName.text == row.method) }
    case .malformed(let malformed):
      #expect(TortureTests.refusals[row.name] == malformed.code, "\(malformed.reason)")
      #expect(row.expected != "accept")
      #expect(row.allowed.contains("\(malformed.code)"))
      #expect(malformed.message != nil, "must be answerable")
    }
  }

  @Test func aTortuousInviteReadsBack() throws {
    let message = try #require(accepted(TortureIndex.bytes(of: "wsinv")))
    #expect(message.folded != nil)
    #expect(message.toTag.text == "1918181833n")
    #expect(message.fromTag.text == "98asjd8")
    #expect(message.cseq == 9)
    #expect(message.maxForwards == 68)
    #expect(message.viaCount == 3)
    #expect(message.topVia.transport == .udp)
    #expect(message.topVia.host.text == "192.0.2.2")
    #expect(message.topVia.branch.text == "390skdjuw")
    #expect(!message.topVia.hasMagicCookie)
    #expect(message.value(of: .subject)?.isEmpty == true)
    let from = try #require(message.nameAddress(of: .from))
    #expect(from.displayName.text == #"J Rosenberg \""#)
    #expect(message.values(of: .via)[1].text.hasPrefix("SIP  / 2.0  / TCP"))
    let unknown = message.headerLines(named: ["unknownheaderwithunusualvalue"])
    #expect(unknown.first?.value.text == ";;,,;;,;")
    #expect(message.body.count == 150)
    #expect(message.contactURI?.text == "sip:jdrosen@example.com")
  }

  @Test func escapesAreUndoneOnceAndOnlyWhereTheyAreEscapes() throws {
    let message = try #require(accepted(TortureIndex.bytes(of: "esc01")))
    let uri = try #require(SIPURI.read(message.requestURI))
    #expect(uri.user.text == "sips%3Auser%40example.com")
    #expect(uri.host == .name(Array("example.net".utf8)))
    let contact = try #require(SIPURI.read((message.contactURI ?? [])[...]))
    #expect(contact.isLoose)
    #expect(message.toURI.text == "sip:%75se%72@example.com")

    let other = try #require(accepted(TortureIndex.bytes(of: "esc02"), over: .tcp))
    #expect(other.method == .other)
    #expect(other.methodName.text == "RE%47IST%45R")
    #expect(other.values(of: .contact).count == 2)
    let to = try #require(other.nameAddress(of: .to))
    #expect(to.displayName.text == "%Z%45")
  }

  @Test func longValuesAreNotCut() throws {
    let bytes = TortureIndex.bytes(of: "longreq")
    let message = try #require(accepted(bytes, over: .tcp))
    #expect(message.bytes == bytes)
    #expect(message.viaCount == 34)
    #expect(message.callID.count == 141)
    #expect(message.fromTag.count == 155)
  }

  @Test func theUserPartEndsAtTheLastAtSign() throws {
    let message = try #require(accepted(TortureIndex.bytes(of: "semiuri")))
    let uri = try #require(SIPURI.read(message.requestURI))
    #expect(uri.user.text == "user;par=u%40example.net")
    #expect(uri.host == .name(Array("example.com".utf8)))
  }

  @Test func aBinaryBodyIsCarriedByItsLength() throws {
    let message = try #require(accepted(TortureIndex.bytes(of: "mpart01")))
    #expect(message.body.count == 553)
    #expect(message.body.contains(0))
  }

  @Test func aReasonPhraseMayBeEmpty() throws {
    let message = try #require(accepted(TortureIndex.bytes(of: "noreason")))
    #expect(message.statusCode == 100)
    #expect(message.phrase.isEmpty)
    let second = try #require(accepted(TortureIndex.bytes(of: "bcast")))
    #expect(second.viaCount == 2)
  }

  @Test func anInviteOfRFC2543IsAnInvite() throws {
    let message = try #require(accepted(TortureIndex.bytes(of: "inv2543")))
    #expect(message.topVia.branch.isEmpty)
    #expect(message.fromTag.isEmpty)
    #expect(message.maxForwards == nil)
    #expect(message.body.count == 105)
  }

  @Test func anEscapedHeaderInAContactStaysData() throws {
    let message = try #require(accepted(TortureIndex.bytes(of: "regescrt")))
    #expect(message.value(of: .route) == nil)
    let contact = try #require(SIPURI.read((message.contactURI ?? [])[...]))
    #expect(contact.hasHeaders)
    #expect(contact.headers.text.contains("%3C"))
    let header = try #require(accepted(TortureIndex.bytes(of: "cparam01")))
    let value = try #require(header.value(of: .contact))
    #expect(NameAddress.read(value)?.parameter("unknownparam") == [])
  }

  @Test func unknownSchemesAreLeftToTheUserAgent() throws {
    let message = try #require(accepted(TortureIndex.bytes(of: "unkscm"), over: .tcp))
    #expect(message.requestURIScheme.text == "nobodyKnowsThisScheme")
    #expect(SIPURI.read(message.requestURI) == nil)
    let second = try #require(accepted(TortureIndex.bytes(of: "unksm2")))
    #expect(second.toURI.text == "isbn:2983792873")
  }

  @Test func addressesOfIPv6AreReadAsRFC5118Says() throws {
    func host(_ uri: ArraySlice<UInt8>) -> (String?, UInt16?) {
      guard let uri = SIPURI.read(uri), case .address(let address) = uri.host else {
        return (nil, nil)
      }
      return (address.addressText.text, uri.port)
    }
    let good = try #require(accepted(TortureIndex.bytes(of: "ipv6-good")))
    #expect(host(good.requestURI) == ("2001:db8::10", nil))
    #expect(good.topVia.host.text == "[2001:db8::9:1]")
    #expect(host((good.contactURI ?? [])[...]) == ("2001:db8::1", nil))

    let ambiguous = try #require(accepted(TortureIndex.bytes(of: "port-ambiguous")))
    #expect(host(ambiguous.requestURI) == ("2001:db8::10:5070", nil))

    let received = try #require(accepted(TortureIndex.bytes(of: "via-received-param-with-delim")))
    let address = SocketAddress.read(host: received.topVia.received, port: 0)
    #expect(address?.addressText.text == "2001:db8::9:255")

    let colons = try #require(accepted(TortureIndex.bytes(of: "ipv6-bug-abnf-3-colons")))
    #expect(host(colons.requestURI) == ("2001:db8::c000:201", nil))
  }

  @Test func sessionDescriptionsWithIPv6SayWhereAudioGoes() throws {
    let first = try #require(accepted(TortureIndex.bytes(of: "ipv6-in-sdp")))
    let audio = try #require(SessionDescription.check(first.body).usableAudio)
    #expect(audio.address?.addressText.text == "2001:db8::20")
    let second = try #require(accepted(TortureIndex.bytes(of: "mult-ip-in-sdp")))
    let mixed = try #require(SessionDescription.check(second.body).usableAudio)
    #expect(mixed.address?.addressText.text == "192.0.2.1")
    #expect(mixed.mediaCount == 2)
  }
}
