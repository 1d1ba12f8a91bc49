import RCMLBasics

/// A name and its password, as digest authentication wants them: octets of UTF-8.
public struct Credentials: Sendable {
  public var username: Private<[UInt8]>
  public var password: Private<[UInt8]>

  public init(username: [UInt8], password: [UInt8]) {
    self.username = Private(username)
    self.password = Private(password)
  }

  public init(username: String, password: String) {
    self.init(username: Array(username.utf8), password: Array(password.utf8))
  }
}
