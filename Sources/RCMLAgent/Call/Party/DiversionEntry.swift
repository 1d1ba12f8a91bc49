/// The first entry of a Diversion header (RFC 5806), for `ForwardedFrom` (spec X-22).
enum DiversionEntry {
  /// User part of the first entry's URI; empty = none.
  static func user(of value: [UInt8]) -> String {
    var uri = value[...]
    if let open = value.firstIndex(of: UInt8(ascii: "<")) {
      uri = value[(open + 1)...].prefix { $0 != UInt8(ascii: ">") }
    } else {
      uri = value.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: ";") }
    }
    return CallerAddress(Array(uri.drop { $0 == UInt8(ascii: " ") })).user
  }
}
