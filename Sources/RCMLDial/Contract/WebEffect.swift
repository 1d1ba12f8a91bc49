/// What is to be done with a document request.
package enum WebEffect: Sendable {
  case fetch(DocumentRequest)
  case abort
}
