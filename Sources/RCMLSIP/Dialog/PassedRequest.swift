import RCMLBasics

/// A request of one party for the other, as it came (spec U-25, U-26), or one of our own in the same form (U-62).
struct PassedRequest {
  var method: Method
  var dialog: Int
  var maxForwards: UInt8
  var headers: [HeaderLine]
  var contentType: [UInt8]
  var body: [UInt8]
  /// The transaction of the party that asked; nil = we did.
  var server: UInt64?
}
