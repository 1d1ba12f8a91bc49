import RCMLBasics

/// The result of a lookup.
public enum NameAnswer: Equatable, Sendable {
  case addresses([SocketAddress])
  /// At most 16 records of an answer, as they came.
  case services([ServiceRecord])
  case pointers([PointerRecord])
  /// No such name, none of these records, or no answer that could be read.
  case failed(NameFailure)
}
