import RCMLBasics

/// A request of one party for the other, as it came (spec U-25, U-26).
struct PassedRequest {
  var method: Method
  var maxForwards: UInt8
  var headers: [HeaderLine]
  var contentType: [UInt8]
  var body: [UInt8]
  /// The transaction of the party that asked.
  var server: UInt64
}
