import RCMLBasics
import Testing

@testable import RCMLSIP

/// Bodies of several parts, by themselves (RFC 2046 §5.1, RFC 5621). // U-58
@Suite struct MultipartTests {
  private let sdp = Bodies.sdp

  /// The description in a body, "" where nothing is in it for us, nil where it has to be understood and is not.
  private func read(
    _ body: String, type: String = Bodies.type, disposition: String = "", encoding: String = ""
  ) -> String? {
    var entity = BodyEntity(Array(body.utf8)[...])
    entity.type = MIMEValue(Array(type.utf8)[...])
    entity.disposition = MIMEValue(Array(disposition.utf8)[...])
    entity.encoding = Array(encoding.utf8)[...]
    switch entity.read() {
    case .nothing: return ""
    case .description(let octets): return String(decoding: octets, as: UTF8.self)
    case .notUnderstood: return nil
    }
  }

  private func described(_ content: String) -> String { Bodies.part("application/sdp", content) }

  @Test func theDescriptionCountsWhereverItStands() {
    #expect(read(Bodies.trunk) == sdp)
    #expect(read(Bodies.second) == sdp)
    #expect(read(Bodies.mixed(described("v=0"), described("v=1"))) == "v=0")
    #expect(read(Bodies.other) == "")
    #expect(read(Bodies.mixed(described(""), described("v=1"))) == "v=1")
  }

  @Test(arguments: [
    "multipart/mixed;boundary=\"cut here\"", "Multipart/Related ; BOUNDARY = \"cut here\" ; x=y",
    "multipart/alternative;type=\"a;boundary=no\";boundary=\"cut\\ here\"",
    "multipart/x-anything;a;\r\n\tboundary=\"cut here\"",
  ])
  func boundariesAreReadAsTheyMayBeWritten(type: String) {
    #expect(read(Bodies.trunk, type: type) == sdp)
  }

  @Test func boundariesWithoutQuotesMayHoldWhatTheirTypesAllow() {
    let body = "--=_a/b:c?\r\n\(described("v=0"))\r\n--=_a/b:c?--"
    #expect(read(body, type: "multipart/mixed; boundary==_a/b:c? ;x=1") == "v=0")
  }

  @Test func aBoundaryHasSeventyCharactersAndNotOneMore() {
    for (length, content) in [(70, "v=0" as String?), (71, nil)] {
      let boundary = String(repeating: "x", count: length)
      let body = "--\(boundary)\r\n\(described("v=0"))\r\n--\(boundary)--"
      #expect(read(body, type: "multipart/mixed;boundary=\(boundary)") == content)
    }
  }

  @Test(arguments: [
    "multipart/mixed", "multipart/mixed;boundary=", "multipart/mixed;boundary=\"cut here",
    "multipart/mixed;boundary=other",
    "multipart/mixed;boundary=\"\(String(repeating: "x", count: 71))\"",
  ])
  func withoutABoundaryThereIsNothingToUnderstand(type: String) {
    #expect(read(Bodies.trunk, type: type) == nil)
    #expect(read(Bodies.trunk, type: type, disposition: "session;handling=optional") == "")
  }

  @Test func preambleAndEpilogueAreLeftOut() {
    let noise = "This is a message with several parts.\r\n--cut\r\n-- cut here\r\n"
    let end = "\r\n--cut here-- \t\r\nContent-Type: application/sdp\r\n\r\nv=9\r\n--cut here\r\n"
    #expect(read(noise + Bodies.mixed(described(sdp), end: end)) == sdp)
    #expect(read("--cut here--\r\n" + Bodies.mixed(described(sdp))) == nil)
  }

  @Test func linesMayEndWithLFAlone() {
    let body = Bodies.trunk.replacing("\r\n", with: "\n")
    #expect(read(body) == sdp.replacing("\r\n", with: "\n"))
    let mixed = Bodies.mixed(described("v=0\n"), end: "\n--cut here--")
    #expect(read(mixed) == "v=0\n")
  }

  @Test func theLineEndBeforeADelimiterIsItsOwn() {
    #expect(read("--cut here\r\n\(described("v=0\r\n"))\r\n--cut here--") == "v=0\r\n")
    #expect(read("--cut here  \r\n\(described("v=0"))\r\n--cut here--") == "v=0")
  }

  @Test func aBodyThatNeverClosesEndsWhereItsOctetsDo() {
    #expect(read(Bodies.mixed(described("v=0\r\n"), end: "")) == "v=0\r\n")
    #expect(
      read(Bodies.mixed(described("v=0\r\n"), end: "\r\n--cut her")) == "v=0\r\n\r\n--cut her")
    #expect(read(Bodies.mixed("Content-Type: application/sdp", end: "")) == "")
    #expect(read("--cut here") == "")
  }

  @Test func aBoundaryThatBeginsLikeAnotherIsNone() {
    let body = "--cut\r\n\(described("v=0\r\n--cut-off\r\n--cut--off"))\r\n--cut--\r\n"
    #expect(read(body, type: "multipart/mixed;boundary=cut") == "v=0\r\n--cut-off\r\n--cut--off")
  }

  @Test func whatHasToBeUnderstoodAndIsNotRefusesTheWhole() {
    #expect(read(Bodies.required) == nil)
    let first = Bodies.mixed("\(Bodies.isup)REQUIRED ;x=y\r\n\r\nx", described(sdp))
    #expect(read(first) == nil)
    #expect(read(first, disposition: "session; Handling=Optional") == "")
    // A second description is understood, and not needed.
    let twice = Bodies.mixed(
      described("v=0"),
      Bodies.part("application/sdp", "v=1", "Content-Disposition: x;handling=required\r\n"))
    #expect(read(twice) == "v=0")
  }

  @Test func multipartsAreReadInsideOfOneAnother() {
    let inner = "--in\r\nX-Some: header\r\n\r\ntext\r\n--in\r\n\(described("v=0"))\r\n--in--\r\n"
    let nested = Bodies.part("multipart/alternative;boundary=in", inner)
    #expect(read(Bodies.mixed(nested)) == "v=0")
    #expect(read(Bodies.mixed(nested, described("v=1"))) == "v=0")
    let needs = "--in\r\n\(Bodies.isup)required\r\n\r\nx\r\n--in--"
    #expect(
      read(Bodies.mixed(described("v=1"), Bodies.part("multipart/mixed;boundary=in", needs)))
        == "v=1")
    #expect(
      read(Bodies.mixed(Bodies.part("multipart/mixed;boundary=in", needs), described("v=1"))) == nil
    )
  }

  @Test func thereIsABoundForDepthPartsAndHeaders() {
    func nested(_ depth: Int) -> String {
      depth == 0
        ? described("v=0")
        : Bodies.part(
          "multipart/mixed;boundary=d\(depth)",
          "--d\(depth)\r\n\(nested(depth - 1))\r\n--d\(depth)--")
    }
    #expect(read(Bodies.mixed(nested(Limits.bodyDepth - 1))) == "v=0")
    #expect(read(Bodies.mixed(nested(Limits.bodyDepth))) == "")
    let part = "\r\n--cut here\r\n\r\nx"
    let last = Bodies.mixed(described("v=0"))
    #expect(read(String(repeating: part, count: Limits.bodyParts - 1) + last) == "v=0")
    #expect(read(String(repeating: part, count: Limits.bodyParts) + last) == nil)
    let long = "X-Long: " + String(repeating: "x", count: Limits.partHeader) + "\r\n"
    #expect(read(Bodies.mixed(Bodies.part("application/sdp", "v=0", long))) == "")
  }

  @Test func headersOfPartsMayBeFoldedAndComeInAnyOrder() {
    let part =
      "Content-ID: <a@b>\r\nno field\r\ncontent-disposition :\r\n session\r\n"
      + "Content-Type:\r\n\tapplication/sdp;\r\n  charset=utf-8\r\nX-Other:\r\n\r\nv=0"
    #expect(read(Bodies.mixed(part)) == "v=0")
    let folded =
      "Content-Type: text/plain\r\nContent-Disposition: render;\r\n\thandling=required\r\n\r\nx"
    #expect(read(Bodies.mixed(described("v=0"), folded)) == nil)
    // One thing said twice is said to nobody.
    #expect(read(Bodies.mixed("Content-Type: text/plain\r\n" + described("v=0"))) == "")
  }

  @Test func aDescriptionThatIsWrittenOtherwiseIsNotUnderstood() {
    func coded(_ coding: String, _ more: String = "") -> String? {
      read(Bodies.mixed(Bodies.part("application/sdp", "v=0", "\(coding)\r\n\(more)")))
    }
    #expect(coded("Content-Transfer-Encoding: base64") == nil)
    #expect(coded("Content-Encoding: gzip") == nil)
    #expect(
      coded(
        "Content-Transfer-Encoding: base64", "Content-Disposition: session;handling=optional\r\n")
        == "")
    for plain in ["7bit", "8BIT", "binary"] {
      #expect(coded("Content-Transfer-Encoding: \(plain)") == "v=0")
    }
    #expect(coded("Content-Encoding: identity") == "v=0")
    // What stands behind the description need not be read.
    let second = Bodies.part("application/sdp", "djE=", "Content-Transfer-Encoding: base64\r\n")
    #expect(read(Bodies.mixed(described("v=0"), second)) == "v=0")
    #expect(read(Bodies.trunk, encoding: "gzip") == nil)
  }

  /// RFC 3959: media of before the answer is not the session's.
  @Test func aDescriptionOfEarlyMediaIsNotTheSessions() {
    let early = Bodies.part("application/sdp", "v=1", "Content-Disposition: early-session\r\n")
    #expect(read(Bodies.mixed(early, described("v=0"))) == "v=0")
    #expect(read(Bodies.mixed(early)) == "")
    #expect(read("v=1", type: "application/sdp", disposition: "early-session") == nil)
  }

  @Test func aBodyOfOneTypeIsJudgedByItsHandling() {
    #expect(read("v=0", type: "application/sdp") == "v=0")
    #expect(read("v=0", type: "Application/SDP ;x=y", disposition: "session") == "v=0")
    #expect(read("v=0", type: "") == "v=0")
    #expect(read("x", type: "text/plain") == nil)
    #expect(read("x", type: "text/plain", disposition: "render;handling=optional") == "")
    #expect(read("x", type: "text/plain", disposition: "render;handling=\"optional\"") == "")
    #expect(read("x", type: "text/plain", disposition: "render;handling=perhaps") == nil)
    #expect(read("x", type: "application/sdp", encoding: "gzip") == nil)
    #expect(
      read("x", type: "application/sdp", disposition: ";handling=optional", encoding: "gzip") == "")
  }

  /// Failures P7: cut anywhere, it is read all the same, and nothing is found that it does not say.
  @Test func everyBeginningOfABodyIsRead() {
    let said = Array(sdp.utf8)
    var wrong: [[UInt8]] = []
    for body in [Bodies.trunk, Bodies.second, Bodies.required, Bodies.other] {
      let octets = Array(body.utf8)
      for end in octets.indices {
        var entity = BodyEntity(octets[..<end])
        entity.type = MIMEValue(Array(Bodies.type.utf8)[...])
        guard case .description(let found) = entity.read() else { continue }
        // A delimiter that was cut off is none.
        if !said.starts(with: found), !found.starts(with: said) { wrong.append(Array(found)) }
      }
    }
    #expect(wrong.isEmpty)
  }
}
