import RCMLBasics
import Testing

@Suite struct PercentEncodingTests {
  // X-2, RFC 3986 §2.1
  @Test(arguments: [
    ("a%20b", "a b", true), ("%2B%2b", "++", true), ("%+1", "%+1", false), ("%-1", "%-1", false),
    ("%", "%", false), ("%4", "%4", false), ("%%41", "%A", false), ("", "", true),
  ])
  func twoHexadecimalDigitsAndNothingElseAreAnOctet(text: String, decoded: String, isWhole: Bool) {
    let read = PercentEncoding.decode(text.utf8)
    #expect(String(decoding: read.octets, as: UTF8.self) == decoded)
    #expect(read.isWhole == isWhole)
  }

  @Test func whatIsEncodedIsDecodedAgain() {
    for octet in UInt8.min...UInt8.max {
      var text: [UInt8] = []
      PercentEncoding.append(octet, to: &text)
      #expect(PercentEncoding.decode(text).octets == [octet])
    }
  }
}
