/// Which octets may stand where, as the grammars of SIP and URLs say it: every room asks here.
extension UInt8 {
  /// Space or tab.
  @inlinable @inline(__always)
  public var isBlank: Bool { self == 32 || self == 9 }

  @inlinable @inline(__always)
  public var isDigit: Bool { self &- 48 < 10 }

  /// A to Z of either case.
  @inlinable @inline(__always)
  public var isLetter: Bool { (self | 0x20) &- 97 < 26 }

  /// `alphanum` (RFC 3261 §25.1).
  @inlinable @inline(__always)
  public var isAlphanumeric: Bool { isDigit || isLetter }

  @inlinable @inline(__always)
  public var lowercased: UInt8 { self &- 65 < 26 ? self | 0x20 : self }

  /// alphanum and `-.!%*_+`'~` (RFC 3261 §25.1 token), as a 128-bit set.
  @inlinable @inline(__always)
  public var isTokenOctet: Bool {
    if self < 64 { return (0x03ff_6ca2_0000_0000 as UInt64) >> UInt64(self) & 1 == 1 }
    if self < 128 { return (0x47ff_ffff_87ff_fffe as UInt64) >> UInt64(self - 64) & 1 == 1 }
    return false
  }

  /// alphanum and mark: `-_.!~*'()` (RFC 3261 §25.1 unreserved).
  public var isSIPUnreserved: Bool {
    switch self {
    case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "!"),
      UInt8(ascii: "~"), UInt8(ascii: "*"), UInt8(ascii: "'"), UInt8(ascii: "("),
      UInt8(ascii: ")"):
      true
    default: isAlphanumeric
    }
  }

  /// Letters, digits and `-._~` (RFC 3986 §2.3 unreserved): two marks and the brackets fewer than SIP has.
  public var isURLUnreserved: Bool {
    switch self {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
    default: isAlphanumeric
    }
  }
}
