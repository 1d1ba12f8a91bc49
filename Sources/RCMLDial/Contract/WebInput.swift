/// What became of a document request.
package enum WebInput {
  case retrieved(Retrieved)
  case failed(RetrievalFailure)
}
