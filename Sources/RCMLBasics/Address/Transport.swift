/// How SIP octets travel (spec T-1).
public enum Transport: UInt8, Hashable, Sendable {
  case udp
  case tcp

  public var isReliable: Bool { self != .udp }
}
