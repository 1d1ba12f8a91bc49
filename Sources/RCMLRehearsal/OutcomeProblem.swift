/// Why an outcome cannot be read, and from which character on.
package struct OutcomeProblem: Error {
  package var text: String
  package var column: Int32
}
