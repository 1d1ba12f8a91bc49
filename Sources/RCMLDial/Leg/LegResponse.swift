import RCMLBasics

/// What the final response to a leg's INVITE brought (M-31, X-20), and its BYE.
struct LegResponse {
  var phrase: [UInt8] = []
  var reasons: [[UInt8]] = []
  var headers: [HeaderLine] = []
  var headersOfBye: [HeaderLine] = []
  /// Reason values of its BYE (U-63).
  var reasonsOfBye: [[UInt8]] = []
  /// What whoever knows said of why it came to nothing (E-9).
  var reason: Reason?
}
