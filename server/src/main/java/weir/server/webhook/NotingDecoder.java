package weir.server.webhook;

import java.util.Set;
import java.util.function.Consumer;
import weir.decode.ContentEncodingException;
import weir.decode.Decoded;
import weir.decode.Decoder;
import weir.decode.Inspection;
import weir.decode.Outline;
import weir.decode.RawRequest;
import weir.decode.Reply;
import weir.decode.RequestHead;

/** A decoder, and whoever is told of each request that it decodes. */
final class NotingDecoder implements Decoder {
  private final Decoder decoder;
  private final Consumer<RawRequest> notes;

  NotingDecoder(Decoder decoder, Consumer<RawRequest> notes) {
    this.decoder = decoder;
    this.notes = notes;
  }

  @Override
  public String protocol() {
    return decoder.protocol();
  }

  @Override
  public Set<String> paths() {
    return decoder.paths();
  }

  @Override
  public Set<String> getPaths() {
    return decoder.getPaths();
  }

  @Override
  public byte[] unwrapped(RequestHead head, byte[] body, int limit)
      throws ContentEncodingException {
    return decoder.unwrapped(head, body, limit);
  }

  @Override
  public Inspection inspect(RequestHead head, byte[] body) {
    return decoder.inspect(head, body);
  }

  @Override
  public Outline outline(RequestHead head, byte[] body) {
    return decoder.outline(head, body);
  }

  @Override
  public Reply reply(RequestHead head, Inspection.Readable stored) {
    return decoder.reply(head, stored);
  }

  @Override
  public void decode(RawRequest request, byte[] body, Consumer<Decoded> taker) {
    notes.accept(request);
    decoder.decode(request, body, taker);
  }
}
