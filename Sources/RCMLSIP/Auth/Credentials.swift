import RCMLBasics

/// A name and its password, as digest authentication wants them: octets of UTF-8.
package struct Credentials: Sendable {
  package var username: Private<[UInt8]>
  package var password: Private<[UInt8]>

  package init(username: [UInt8], password: [UInt8]) {
    self.username = Private(username)
    self.password = Private(password)
  }

  package init(username: String, password: String) {
    self.init(username: Array(username.utf8), password: Array(password.utf8))
  }
}
