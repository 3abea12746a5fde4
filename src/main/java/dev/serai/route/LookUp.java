package dev.serai.route;

import dev.serai.enrich.Enrichment;
import dev.serai.enrich.LookedUp;
import dev.serai.event.StartConversation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Java side of one kind of enrichment: whether there is something to look up, the request for it, and what is made
 * of the answer. The YAML route between asks the source. Whatever goes wrong there, the event goes on without.
 * Thread-safe.
 */
public final class LookUp implements Processor, AggregationStrategy {
    private static final Logger LOG = LoggerFactory.getLogger(LookUp.class);

    private final String name;
    private final boolean hasSource;
    private final Function<StartConversation, @Nullable String> reference;
    private final BiFunction<LookedUp, Enrichment, Enrichment> merge;

    private LookUp(
            String name,
            boolean hasSource,
            Function<StartConversation, @Nullable String> reference,
            BiFunction<LookedUp, Enrichment, Enrichment> merge) {
        this.name = name;
        this.hasSource = hasSource;
        this.reference = reference;
        this.merge = merge;
    }

    /** Looks up {@code scene_ref}, if there is a source at all. */
    public static LookUp scene(boolean hasSource) {
        return new LookUp("scene", hasSource, StartConversation::sceneRef, LookedUp::addSceneTo);
    }

    /** Looks up {@code context_ref}, if there is a source at all. */
    public static LookUp dynamicInfo(boolean hasSource) {
        return new LookUp("dynamic_info", hasSource, StartConversation::contextRef, LookedUp::addDynamicInfoTo);
    }

    /** Whether the event has something to look up, and there is a source for it. */
    public boolean isWanted(Exchange exchange) {
        return hasSource && reference.apply(Conversation.of(exchange).event()) != null;
    }

    /** Prepares the GET of the reference: as one path segment, whatever characters it holds. */
    @Override
    public void process(Exchange exchange) {
        String wanted = String.valueOf(reference.apply(Conversation.of(exchange).event()));
        if (wanted.equals(".") || wanted.equals("..")) {
            throw new IllegalArgumentException("the reference \"" + wanted + "\" would leave the source's path");
        }
        Message message = exchange.getMessage();
        message.setBody(null);
        exchange.setProperty(ExchangeKeys.LOOK_UP_BEGUN, System.nanoTime());
        message.setHeader(Exchange.HTTP_METHOD, "GET");
        message.setHeader(
                Exchange.HTTP_PATH,
                URLEncoder.encode(wanted, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    /** Merges what the source answered, or that it failed, into the conversation. */
    @Override
    public Exchange aggregate(Exchange line, Exchange source) {
        Conversation conversation = Conversation.of(line);
        long now = System.nanoTime();
        Duration took = Duration.ofNanos(now - source.getProperty(ExchangeKeys.LOOK_UP_BEGUN, now, Long.class));
        conversation.enrich(merge.apply(lookedUp(source), conversation.enrichment()), took);
        return line;
    }

    private LookedUp lookedUp(Exchange source) {
        Exception failure = source.getException();
        if (failure != null) {
            LOG.warn("Looking up {} failed, the event goes on without: {}", name, failure.toString());
            return new LookedUp.Failed();
        }
        int status = source.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class);
        if (status == 404) {
            return new LookedUp.NotFound();
        }
        if (status != 200) {
            LOG.warn("Looking up {} failed, the event goes on without: the source answered {}", name, status);
            return new LookedUp.Failed();
        }
        byte[] answer = source.getMessage().getBody(byte[].class);
        return answer == null ? new LookedUp.Failed() : new LookedUp.Found(answer);
    }
}
