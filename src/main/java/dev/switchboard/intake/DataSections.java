package dev.switchboard.intake;

import java.io.ByteArrayOutputStream;
import org.apache.qpid.jms.provider.amqp.message.AmqpCodec;
import org.apache.qpid.jms.provider.amqp.message.AmqpMessageSupport;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.MessageAnnotations;
import org.apache.qpid.proton.amqp.messaging.Properties;
import org.apache.qpid.proton.codec.DecoderImpl;
import org.apache.qpid.proton.codec.DescribedTypeConstructor;
import org.apache.qpid.proton.codec.ReadableBuffer;
import org.apache.qpid.proton.codec.messaging.FastPathMessageAnnotationsType;
import org.apache.qpid.proton.codec.messaging.FastPathPropertiesType;

/**
 * Reads all data sections of an AMQP message as one body; Qpid JMS would keep the last one alone, without a word. Its other body is read
 * by what it is.
 */
final class DataSections implements DescribedTypeConstructor<Data> {

    private static final UnsignedLong DESCRIPTOR = UnsignedLong.valueOf(0x75);
    private static final Symbol SYMBOL = Symbol.valueOf("amqp:data:binary");

    private final DecoderImpl decoder;
    private boolean within;

    private DataSections(DecoderImpl decoder) {
        this.decoder = decoder;
    }

    /** Makes Qpid JMS read so on the calling thread, which has to be a connection's own. */
    static void join() {
        DecoderImpl decoder = AmqpCodec.getDecoder();
        var sections = new DataSections(decoder);
        decoder.register(DESCRIPTOR, sections);
        decoder.register(SYMBOL, sections);
        decoder.register(UnsignedLong.valueOf(0x72), annotations());
        decoder.register(UnsignedLong.valueOf(0x73), properties());
    }

    /** Leaves out what a sender says of the kind of its message: Qpid JMS throws at each delivery where the body is of another. */
    private static FastPathMessageAnnotationsType annotations() {
        return new FastPathMessageAnnotationsType(AmqpCodec.getEncoder()) {
            @Override
            public MessageAnnotations readValue() {
                MessageAnnotations annotations = super.readValue();
                if (annotations.getValue() != null) {
                    annotations.getValue().remove(AmqpMessageSupport.JMS_MSG_TYPE);
                }
                return annotations;
            }
        };
    }

    /** Leaves out that bytes are a text, for the same reason: they may be of another character set. They are JSON in UTF-8 or nothing. */
    private static FastPathPropertiesType properties() {
        return new FastPathPropertiesType(AmqpCodec.getEncoder()) {
            @Override
            public Properties readValue() {
                Properties properties = super.readValue();
                if (!AmqpMessageSupport.SERIALIZED_JAVA_OBJECT_CONTENT_TYPE.equals(properties.getContentType())) {
                    properties.setContentType(AmqpMessageSupport.OCTET_STREAM_CONTENT_TYPE);
                }
                return properties;
            }
        };
    }

    @Override
    public Class<Data> getTypeClass() {
        return Data.class;
    }

    @Override
    public Data newInstance(Object described) {
        var first = new Data((Binary) described);
        ReadableBuffer rest = decoder.getBuffer();
        if (within || !rest.hasRemaining()) {
            return first;
        }
        within = true;
        try {
            return joined(first, rest);
        } finally {
            within = false;
        }
    }

    private Data joined(Data first, ReadableBuffer rest) {
        var body = new ByteArrayOutputStream();
        add(body, first.getValue());
        while (rest.hasRemaining()) {
            int at = rest.position();
            if (decoder.readObject() instanceof Data next) {
                add(body, next.getValue());
            } else {
                rest.position(at);
                return new Data(new Binary(body.toByteArray()));
            }
        }
        return new Data(new Binary(body.toByteArray()));
    }

    private static void add(ByteArrayOutputStream body, Binary part) {
        body.write(part.getArray(), part.getArrayOffset(), part.getLength());
    }
}
