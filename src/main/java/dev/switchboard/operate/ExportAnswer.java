package dev.switchboard.operate;

import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Processor;

/** Answers with a list as a file. */
@Singleton
@Named("export")
public final class ExportAnswer implements Processor {

    @Override
    public void process(Exchange exchange) throws InvalidPayloadException {
        Export export = exchange.getMessage().getMandatoryBody(Export.class);
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, export.mediaType());
        exchange.getMessage().setHeader("Content-Disposition", "attachment; filename=\"" + export.fileName() + "\"");
        exchange.getMessage().setBody(export.stream());
    }
}
