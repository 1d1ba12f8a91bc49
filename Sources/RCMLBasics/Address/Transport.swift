/// How SIP octets travel (spec T-1).
package enum Transport: UInt8, Hashable, Sendable {
  case udp
  case tcp

  package var isReliable: Bool { self != .udp }
}
