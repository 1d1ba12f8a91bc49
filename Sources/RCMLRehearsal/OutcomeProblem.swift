/// Why an outcome cannot be read, and from which character on.
public struct OutcomeProblem: Error {
  public var text: String
  public var column: Int32
}
