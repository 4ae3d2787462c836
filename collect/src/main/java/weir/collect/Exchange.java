package weir.collect;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.decode.ContentEncoding;
import weir.decode.ContentEncodingException;
import weir.decode.Decoder;
import weir.decode.EventSpans;
import weir.decode.Header;
import weir.decode.HeaderReading;
import weir.decode.Inspection;
import weir.decode.Outline;
import weir.decode.RawRequest;
import weir.decode.Reply;
import weir.decode.RequestHead;

/**
 * One request, from its head to its answer: its body arrives, is read once, is appended to the raw
 * log, and only when the log says that it is durable is answered 200. On its lane's event loop, but
 * for the reading of large bodies and the log's callback.
 */
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  /** Bodies up to here are read on the event loop. */
  private static final int SMALL = 64 * 1024;

  private enum State {
    /** The body arrives. */
    ARRIVING,
    /** The body is read, stored and answered. */
    UNDER_WAY,
    /** Answered before all of the body came; the rest is passed over. */
    PASSING_OVER,
    DONE
  }

  /** Where it stands in its lane's list of bodies that arrive; -1 if it is not in it. */
  int slot = -1;

  /** The lane's tick at which its body must have arrived. */
  int deadline;

  private final Lane lane;
  private final Lane.Link link;
  private final HttpServerRequest request;
  private final Reception reception;
  private final long began;
  private final BodyBytes body = new BodyBytes();
  private State state = State.ARRIVING;
  private long announced = -1;
  private InFlight.Share share;
  private int reserved;
  private int passedOver;
  private boolean closing;

  private @Nullable RequestHead head;
  private @Nullable Decoder decoder;
  private ContentEncoding encoding = ContentEncoding.IDENTITY;
  private @Nullable WriteKey key;
  private WebhookCalls.@Nullable Call call;

  /** The webhook whose signature the body must bear; null where none is asked for. */
  private @Nullable Webhook signedFor;

  private byte[] arrived = new byte[0];
  private @Nullable Inspection inspection;
  private boolean large;

  /** Where the events lie, if the request may be split. */
  private Optional<EventSpans> spans = Optional.empty();

  private Inspection.@Nullable Readable accepted;
  private @Nullable Refusal refusal;

  Exchange(Lane lane, Lane.Link link, HttpServerRequest request) {
    this.lane = lane;
    this.link = link;
    this.request = request;
    this.reception = lane.reception();
    this.began = reception.metrics().now();
    this.share = reception.inFlight().of(address());
    lane.began(this, link);
    request.handler(this::arrives).endHandler(ended -> ends()).exceptionHandler(this::breaks);
  }

  /** Takes the request, which is for this decoder, unless its head speaks against it. */
  void accept(String normalPath, Decoder readBy) {
    decoder = readBy;
    String query = request.query();
    List<Header> own =
        readBy instanceof HeaderReading more ? KeptHeaders.own(request, more) : List.of();
    head =
        new RequestHead(
            normalPath,
            query == null ? "" : query,
            request.getHeader(HttpHeaders.CONTENT_TYPE),
            own);
    Refusal wrong = checkHead();
    if (wrong != null) {
      refuse(wrong);
    } else if (expectsContinue()) {
      request.response().writeContinue();
    }
  }

  /** The same for a request of a service to a webhook. */
  void accept(WebhookCalls.Call webhook) {
    call = webhook;
    accept(webhook.path(), webhook.decoder());
  }

  private @Nullable Refusal checkHead() {
    if (lane.draining()) {
      return Refusal.stopping();
    }
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    announced = length == null ? -1 : Long.parseLong(length);
    if (announced > reception.options().maxRequestBytes()) {
      return Refusal.tooLarge(reception.options().maxRequestBytes());
    }
    String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
    boolean anyType = decoder instanceof HeaderReading more && more.takesAnyMediaType();
    if (!anyType && !MediaTypes.isRead(contentType)) {
      return Refusal.of(
          415,
          "unsupported_media_type",
          "content-type "
              + contentType
              + " is not read: send application/json, or NDJSON as"
              + " application/x-ndjson");
    }
    try {
      encoding = ContentEncoding.of(request.getHeader(HttpHeaders.CONTENT_ENCODING));
    } catch (ContentEncodingException e) {
      return Refusal.of(415, "unsupported_content_encoding", e.problem());
    }
    KeyRing ring = reception.keys().get();
    if (ring.isEmpty()) {
      return Refusal.unavailable(
          "no_keys", "the collector knows no write keys until the engine has run: try again");
    }
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (call != null) {
      return enterWebhook(call, ring.webhook(call.address()), authorization);
    }
    if (authorization != null) {
      key = ring.authorized(authorization);
      return key == null ? Refusal.wrongKey(KeyRing.textIn(authorization)) : enter(key);
    }
    return null;
  }

  private @Nullable Refusal enterWebhook(
      WebhookCalls.Call asked, @Nullable Webhook webhook, @Nullable String authorization) {
    if (webhook == null) {
      return Refusal.noWebhook();
    }
    if (asked.replayed() && !webhook.isReplay(authorization)) {
      return Refusal.wrongReplayKey();
    }
    signedFor = asked.replayed() ? null : webhook;
    key = webhook.key();
    return enter(key);
  }

  /** The key is known: what it may do is asked, and what it holds is counted, from now on. */
  private @Nullable Refusal enter(WriteKey found) {
    Refusal wrong =
        reception
            .admission()
            .atHead(found, () -> AllowedOrigin.ofPage(request.headers()), this::address);
    InFlight.Share its = reception.inFlight().of(found);
    if (wrong == null && !reception.inFlight().move(share, its, reserved)) {
      return Refusal.busy("too much of this write key is under way: try again soon");
    }
    if (wrong == null) {
      share = its;
    }
    return wrong;
  }

  private String address() {
    return ClientAddress.of(link.address, request.headers(), reception.options().trustedProxies());
  }

  private boolean expectsContinue() {
    String expected = request.getHeader(HttpHeaders.EXPECT);
    return expected != null && expected.equalsIgnoreCase("100-continue");
  }

  private void arrives(Buffer chunk) {
    switch (state) {
      case ARRIVING -> {
        if ((long) body.length() + chunk.length() > reception.options().maxRequestBytes()) {
          refuse(Refusal.tooLarge(reception.options().maxRequestBytes()));
        } else if (!reception.inFlight().reserve(share, reserved, chunk.length())) {
          refuse(Refusal.busy("the collector holds as many bytes as it may: try again soon"));
        } else {
          reserved += chunk.length();
          body.add(chunk, announced);
        }
      }
      case PASSING_OVER -> {
        passedOver += chunk.length();
        if (passedOver > reception.options().maxRequestBytes()) {
          link.hangUp(request);
        }
      }
      case UNDER_WAY, DONE -> {}
    }
  }

  private void ends() {
    lane.arrived(this);
    if (state == State.PASSING_OVER) {
      done();
      if (closing) {
        link.hangUp(request);
      }
    } else if (state == State.ARRIVING) {
      state = State.UNDER_WAY;
      arrived = body.take();
      readBody();
    }
  }

  /** The connection broke. What the log has is stored nevertheless, and nobody is told. */
  private void breaks(Throwable cause) {
    if (state == State.ARRIVING) {
      lane.arrived(this);
      done();
      lane.answered(link);
    } else if (state == State.PASSING_OVER) {
      lane.arrived(this);
      done();
    }
  }

  /** The lane's deadline has passed and the body has not come. */
  void expired() {
    if (state == State.ARRIVING) {
      refuse(Refusal.late());
    } else {
      lane.arrived(this);
      link.hangUp(request);
    }
  }

  private void readBody() {
    if (arrived.length <= SMALL && readDecoded(SMALL * 4, false)) {
      decide();
      return;
    }
    large = true;
    reception
        .largeBodies()
        .execute(() -> {
          readDecoded(reception.options().maxDecodedBytes(), true);
          lane.later(this::decide);
        });
  }

  /**
   * Looks into the body.
   *
   * @param last whether a body beyond the limit is to be refused; else false is returned for it
   */
  private boolean readDecoded(int limit, boolean last) {
    try {
      if (signedFor != null) {
        refusal = signedFor.refusal(request::getHeader, arrived, reception.clock().instant());
        if (refusal != null) {
          return true;
        }
      }
      Decoder reader = Objects.requireNonNull(decoder);
      RequestHead asked = Objects.requireNonNull(head);
      byte[] decoded = reader.unwrapped(asked, encoding.decode(arrived, limit), limit);
      if (reception.rawLogs().areSeveral()) {
        Outline outline = reader.outline(asked, decoded);
        inspection = outline.inspection();
        spans = outline.spans();
      } else {
        inspection = reader.inspect(asked, decoded);
      }
    } catch (ContentEncodingException.TooLarge e) {
      refusal = last ? Refusal.tooLargeDecoded(e.problem()) : null;
      return last;
    } catch (ContentEncodingException e) {
      refusal = Refusal.malformed(e.problem());
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("a body for {} could not be inspected", Objects.requireNonNull(head).path(), e);
      refusal = Refusal.internal();
    }
    return true;
  }

  private void decide() {
    try {
      decideWhatWasRead();
    } catch (RuntimeException e) {
      LOG.error("a request to {} could not be decided", Objects.requireNonNull(head).path(), e);
      refuse(Refusal.internal());
    }
  }

  private void decideWhatWasRead() {
    if (refusal != null) {
      refuse(refusal);
      return;
    }
    switch (Objects.requireNonNull(inspection)) {
      case Inspection.Malformed malformed -> {
        if (key != null) {
          reception.admission().wasted(key);
        }
        refuse(Refusal.malformed(malformed.message()));
      }
      case Inspection.Readable readable -> {
        WriteKey found = key != null ? key : findKey(readable.writeKey());
        refusal = found == null ? refusal : admit(found, readable.events());
        if (found == null || refusal != null) {
          refuse(Objects.requireNonNull(refusal));
        } else if (readable.events() == 0) {
          answerStored(readable);
        } else {
          store(found, readable);
        }
      }
    }
  }

  private @Nullable Refusal admit(WriteKey found, int events) {
    Refusal wrong = found == key ? null : enter(found);
    if (wrong == null) {
      key = found;
      wrong = reception.admission().take(found, events);
    }
    return wrong;
  }

  /** The key in the query or the body, for a request without Authorization. */
  private @Nullable WriteKey findKey(@Nullable String inBody) {
    String inQuery = null;
    String query = request.query();
    if (query != null && query.contains("write_key=")) {
      try {
        inQuery = request.getParam("write_key");
      } catch (IllegalArgumentException e) {
        refusal = Refusal.malformed("the query cannot be read: a % in it needs two digits");
        return null;
      }
    }
    String text = inQuery != null ? inQuery : inBody;
    WriteKey found = text == null ? null : reception.keys().get().find(text);
    if (found == null) {
      refusal = text == null ? Refusal.noKey() : Refusal.wrongKey(text);
    }
    return found;
  }

  private void store(WriteKey found, Inspection.Readable readable) {
    Instant now = reception.clock().instant();
    String query = request.query();
    RawRequest raw =
        new RawRequest(
            lane.newId(),
            Objects.requireNonNull(decoder).protocol(),
            found.project(),
            found.source(),
            found.key(),
            address(),
            now.getEpochSecond() * 1_000_000 + now.getNano() / 1000,
            Objects.requireNonNull(head).path(),
            query == null ? "" : query,
            readable.events(),
            KeptHeaders.of(request, Objects.requireNonNull(head).headers()),
            arrived);
    accepted = readable;
    arrived = new byte[0];
    Optional<EventSpans> events = spans;
    spans = Optional.empty();
    Storing storing = new Storing(reception.admission(), found, readable.events(), this::ended);
    if (large && events.isPresent()) {
      reception.largeBodies().execute(() -> split(raw, events, storing));
    } else {
      submit(reception.rawLogs().frames(raw, events), storing);
    }
  }

  /** Splits a large body away from the event loop. */
  private void split(RawRequest raw, Optional<EventSpans> events, Storing storing) {
    try {
      List<RawLogs.Frame> frames = reception.rawLogs().frames(raw, events);
      lane.later(() -> submit(frames, storing));
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("a body for {} could not be split", raw.path(), e);
      ended(storing.none(Refusal.internal()));
    }
  }

  private void submit(List<RawLogs.Frame> frames, Storing storing) {
    if (!reception.rawLogs().submit(frames, storing)) {
      refuse(storing.none(Refusal.busy("too much waits to be written: try again soon")));
    }
  }

  /** From any thread: the log has stored it, or not. */
  private void ended(@Nullable Refusal why) {
    refusal = why;
    lane.stored(this);
  }

  /** The log has told how it went. */
  void answerOutcome() {
    if (refusal != null) {
      refuse(refusal);
      return;
    }
    Inspection.Readable stored = Objects.requireNonNull(accepted);
    reception.metrics().stored(began, stored.events(), reserved, stored.quarantined());
    answerStored(stored);
  }

  private void answerStored(Inspection.Readable stored) {
    switch (Objects.requireNonNull(decoder).reply(Objects.requireNonNull(head), stored)) {
      case Reply.Standard standard ->
          answer(200, JSON, Accepted.of(stored.events(), stored.quarantined()), null);
      case Reply.Exactly exactly ->
          answer(exactly.status(), exactly.contentType(), Buffer.buffer(exactly.body()), null);
    }
  }

  /** Answers that the request is not taken. Its body may still be arriving. */
  void refuse(Refusal why) {
    reception.metrics().refused(why);
    answer(why.status(), JSON, Buffer.buffer(why.json()), why);
  }

  private void answer(int status, @Nullable CharSequence type, Buffer body, @Nullable Refusal why) {
    boolean bodyEnded = state == State.UNDER_WAY;
    closing = why != null && (why.close() || (!bodyEnded && expectsContinue()));
    state = bodyEnded ? State.DONE : State.PASSING_OVER;
    HttpServerResponse response = request.response();
    if (!response.closed() && !response.ended()) {
      Answer.send(request, status, type, body, why, closing && !Lane.Link.isShared(request));
      if (closing && bodyEnded) {
        link.endAfter(request);
      }
    }
    release();
    lane.answered(link);
    if (!bodyEnded && closing) {
      lane.lingers(this);
    }
  }

  private void done() {
    state = State.DONE;
    release();
  }

  private void release() {
    reception.inFlight().release(share, reserved);
    reserved = 0;
  }
}
