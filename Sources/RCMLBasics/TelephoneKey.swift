/// The keys of a telephone (RFC 4733 §3.2).
public enum TelephoneKey {
  public static func isKey(_ octet: UInt8) -> Bool {
    switch octet {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "*"), UInt8(ascii: "#"),
      UInt8(ascii: "A")...UInt8(ascii: "D"):
      true
    default: false
    }
  }
}
