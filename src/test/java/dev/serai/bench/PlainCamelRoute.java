package dev.serai.bench;

import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.main.Main;

/**
 * The contender {@code plain-camel}: the route that one writes first, with a consumer for each partition. Each consumer
 * has one event in hand, so that there are as many calls at once as partitions, whatever is allowed.
 */
final class PlainCamelRoute extends RouteBuilder {
    private final ContenderTask task;

    private PlainCamelRoute(ContenderTask task) {
        this.task = task;
    }

    public static void main(String[] arguments) throws Exception {
        Main main = new Main();
        main.configure().addRoutesBuilder(new PlainCamelRoute(ContenderTask.of(arguments)));
        main.run();
    }

    @Override
    public void configure() {
        from("kafka:" + task.startTopic() + "?brokers=" + task.bootstrapServers() + "&groupId=" + task.group()
                        + "&consumersCount=" + task.partitions() + "&autoOffsetReset=earliest"
                        + "&valueDeserializer=org.apache.kafka.common.serialization.ByteArrayDeserializer")
                .process(PlainCamelRoute::prepareRequest)
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                .setHeader("X-API-Key", constant(ContenderTask.apiKey()))
                .to(task.provider() + "/connect?httpMethod=POST&skipResponseHeaders=true")
                .process(PlainCamelRoute::prepareReply)
                .removeHeaders("*", KafkaConstants.KEY)
                .to("kafka:" + task.replyTopic() + "?brokers=" + task.bootstrapServers()
                        + "&valueSerializer=org.apache.kafka.common.serialization.ByteArraySerializer");
    }

    private static void prepareRequest(Exchange exchange) throws Exception {
        ReceivedEvent event = ReceivedEvent.read(exchange.getMessage().getBody(byte[].class));
        exchange.setProperty("event", event);
        exchange.getMessage().setBody(event.request());
    }

    private static void prepareReply(Exchange exchange) throws Exception {
        ReceivedEvent event = exchange.getProperty("event", ReceivedEvent.class);
        exchange.getMessage().setBody(event.reply(exchange.getMessage().getBody(byte[].class)));
    }
}
