/// The names of the headers that tell a leg's calls apart, under their prefix (spec U-7): made once a policy.
struct IdentityHeaderNames {
  let callSid: [UInt8]
  let parentCallSid: [UInt8]
  let apiVersion: [UInt8]
  let accountSid: [UInt8]

  init(prefix: String) {
    func name(_ end: String) -> [UInt8] { Array((prefix + end).utf8) }
    callSid = name("CallSid")
    parentCallSid = name("ParentCallSid")
    apiVersion = name("ApiVersion")
    accountSid = name("AccountSid")
  }
}
