import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

private func masked(_ document: String) -> String {
  var mask = SecretMask()
  return String(decoding: mask.document(Array(document.utf8)), as: UTF8.self)
}

@Test func passwordsInDocumentsBecomeNumbersOfTheSameLength() {
  #expect(
    masked(#"<Sip username="alice" password = 'secret1'>sip:a@b</Sip><Sip password="secret1"/>"#)
      == #"<Sip username="*1***" password = '*2*****'>sip:a@b</Sip><Sip password="*2*****"/>"#)
  #expect(masked(#"<Sip password="">sip:a@b</Sip>"#) == #"<Sip password="">sip:a@b</Sip>"#)
  #expect(masked(#"<Sip password=secret>x"#) == #"<Sip password=*1****>x"#)
  #expect(masked(#"<Sip userpassword="x" statusCallback="password"/>"#).contains(#""password""#))
}

@Test func aPasswordThatIsNotASCIIKeepsItsOctetsAndCharacters() {
  let text = masked(#"<Sip password="Jörg€🎉x"/>"#)
  #expect(text == #"<Sip password="*·**•🔒*"/>"#)
  #expect(text.utf8.count == #"<Sip password="Jörg€🎉x"/>"#.utf8.count)
  #expect(text.unicodeScalars.count == #"<Sip password="Jörg€🎉x"/>"#.unicodeScalars.count)
}

@Test func aDocumentInUTF16IsMaskedToo() {
  let document = #"<Sip password="secret"/>"#
  let units = [0xfeff] + Array(document.utf16)
  let bytes = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
  var mask = SecretMask()
  let result = mask.document(bytes)
  #expect(result.count == bytes.count)
  let low = stride(from: 1, to: result.count, by: 2).map { result[$0] }
  #expect(String(decoding: low.dropFirst(), as: UTF8.self) == #"<Sip password="*1****"/>"#)
}

@Test func userInformationLeavesURLs() {
  #expect(
    masked(#"<Dial action="http://bob:geheim@w.example/a?x=@"/>"#)
      == #"<Dial action="http://*1*:*2****@w.example/a?x=@"/>"#)
  #expect(
    masked("<Redirect>https://token@w/</Redirect>") == "<Redirect>https://*1***@w/</Redirect>")
  #expect(
    masked(#"<Sip url="http://w/a@b">sip:a@b</Sip>"#) == #"<Sip url="http://w/a@b">sip:a@b</Sip>"#)
}

@Test func credentialsInMessagesBecomeStarsOfTheSameLength() {
  let message = "INVITE sip:a@b SIP/2.0\r\nauthorization : Digest a=1,\r\nAllow: A\r\n\r\nPA: b"
  let masked = SecretMask().message(Array(message.utf8))
  #expect(
    String(decoding: masked, as: UTF8.self)
      == "INVITE sip:a@b SIP/2.0\r\nauthorization : ****** ****\r\nAllow: A\r\n\r\nPA: b")
  let header = SecretMask().header(HeaderLine("X-RCML-Signature", Array("abc=".utf8)))
  #expect(header.value == Array("****".utf8))
}

// H-22: whatever the host calls the header, its value is in no journal.
@Test func aSignatureHeaderOfAnotherNameIsMaskedToo() {
  var mask = SecretMask()
  #expect(mask.setting("signature_header", "X-Proof") == "X-Proof")
  let header = mask.header(HeaderLine("x-proof", Array("abc=".utf8)))
  #expect(header.value == Array("****".utf8))
  #expect(mask.header(HeaderLine("x-proofs", Array("abc".utf8))).value == Array("abc".utf8))
}

/// RFC 3261 §7.3.1: a header may go on in the next line.
@Test func foldedCredentialsAreMaskedToTheEnd() {
  let message =
    "INVITE sip:a@b SIP/2.0\r\nAuthorization: Digest a=1,\r\n\tresponse=2\r\n b=3\r\nVia: x\r\n y\r\n\r\n z"
  #expect(
    String(decoding: SecretMask().message(Array(message.utf8)), as: UTF8.self)
      == "INVITE sip:a@b SIP/2.0\r\nAuthorization: ****** ****\r\n\t**********\r\n ***\r\nVia: x\r\n y\r\n\r\n z"
  )
}

/// A stream may cut a message anywhere: what is masked is the same, octet by octet or whole.
@Test func credentialsCutInTwoAreMaskedAllTheSame() {
  let message = Array(
    "INVITE sip:a@b SIP/2.0\r\nProxy-Authorization: Digest response=\"abc\"\r\nAllow: A\r\n\r\na=x"
      .utf8
  )
  let whole = SecretMask().message(message)
  #expect(!String(decoding: whole, as: UTF8.self).contains("abc"))
  for cut in message.indices {
    var mask = SecretMask()
    let other = mask.stream(ConnectionID(3), Array("Authorization: x".utf8))
    let first = mask.stream(ConnectionID(1), Array(message[..<cut]))
    let second = mask.stream(ConnectionID(1), Array(message[cut...]))
    #expect(first + second == whole && other.last == UInt8(ascii: "*"))
  }
}

/// The canary of failures A2, for journals: no way of handing over a password leaves it in the file.
@Test func noSecretIsInAJournal() {
  let writer = JournalWriter(product: "x")
  let now = Instant(nanoseconds: 1)
  let document = Array(
    #"<Response><Dial><Sip username="canary" password="canary">sip:a@b</Sip></Dial></Response>"#
      .utf8)
  writer.command(.set(name: "signing_key", value: "canary"), at: now)
  writer.command(.set(name: "require_auth", value: "canary:canary"), at: now)
  writer.command(.set(name: "require_aut", value: "canary:canary"), at: now)
  writer.command(
    .answer(QuestionID(1), .credentials(username: Private("canary"), password: Private("canary"))),
    at: now)
  writer.command(.set(name: "base_url", value: "http://u:canary@w/"), at: now)
  writer.command(
    .onCall(CallNumber(1), .run(.text(document, baseURL: "http://canary@w/"))), at: now)
  writer.command(.onCall(CallNumber(1), .run(.url("http://u:canary@w/", method: "GET"))), at: now)
  writer.command(.defaultDocument(.text(document, baseURL: "")), at: now)
  writer.command(
    .answer(QuestionID(1), .request(status: 200, contentType: "", body: document)), at: now)
  writer.input(
    .web(
      ExchangeID(1),
      .answered(
        HTTPAnswer(
          status: 302, contentType: "", location: "http://u:canary@w/", body: document))), at: now)
  let message = Array("INVITE sip:a@b SIP/2.0\r\nProxy-Authorization: canary\r\n\r\n".utf8)
  message.withUnsafeBytes { bytes in
    let address = SocketAddress(ipv4: 1, port: 1)
    writer.input(
      .network(.datagram(ListenerID(1), from: address, local: address, bytes: bytes)), at: now)
  }
  writer.output(.network(.sendStream(ConnectionID(2), bytes: message)))
  let journal = writer.takeOctets()
  let canary = Array("canary".utf8)
  let places = journal.indices.filter { journal[$0...].starts(with: canary) }
  #expect(places.isEmpty)
}
