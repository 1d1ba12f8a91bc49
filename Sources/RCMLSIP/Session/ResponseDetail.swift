import RCMLBasics

/// What a response of ours holds besides its code.
struct ResponseDetail {
  var code: UInt16 = 0
  var phrase: [UInt8] = []
  var headers: [HeaderLine] = []
  var body: [UInt8] = []

  init(
    code: UInt16 = 0, phrase: [UInt8] = [], body: [UInt8] = [], headers: [HeaderLine] = []
  ) {
    self.code = code
    self.phrase = phrase
    self.headers = headers
    self.body = body
  }
}
