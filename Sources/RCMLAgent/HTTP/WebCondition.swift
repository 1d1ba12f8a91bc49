import RCMLBasics

/// Headers that only one URL is asked with: whether what we have of it still holds (RFC 9110 §13).
struct WebCondition: Equatable {
  let url: String
  let headers: [HeaderLine]
}
