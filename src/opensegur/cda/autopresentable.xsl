<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:h="urn:hl7-org:v3"
                xmlns:data="urn:asip-sante:ci-sis" exclude-result-prefixes="h data">
  <xsl:output method="html" encoding="UTF-8" indent="no"/>
  <xsl:strip-space elements="h:table h:thead h:tbody h:tfoot h:tr h:list"/>

  <xsl:template match="/">
    <xsl:apply-templates select="*/data:Contenu/h:ClinicalDocument" mode="page"/>
  </xsl:template>

  <xsl:template match="h:ClinicalDocument" mode="page">
    <html lang="fr">
      <head>
        <meta charset="utf-8"/>
        <meta http-equiv="Content-Security-Policy"
              content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"/>
        <title><xsl:value-of select="h:title"/></title>
        <style>
          body{font-family:sans-serif;line-height:1.5;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}
          dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{font-weight:bold}dd{margin:0}
          table{border-collapse:collapse;margin:1rem 0}td,th{border:1px solid #666;padding:.25rem .5rem;text-align:left}
          img{max-width:100%}header{border-bottom:2px solid #1b1b1b;margin-bottom:1.5rem}
        </style>
      </head>
      <body>
        <header>
          <h1><xsl:value-of select="h:title"/></h1>
          <dl>
            <xsl:apply-templates select="h:recordTarget[1]/h:patientRole" mode="header"/>
            <dt>Document du</dt>
            <dd><xsl:call-template name="day"><xsl:with-param name="time" select="h:effectiveTime/@value"/></xsl:call-template></dd>
            <xsl:apply-templates select="h:author/h:assignedAuthor" mode="header"/>
          </dl>
        </header>
        <xsl:apply-templates select="h:component/h:structuredBody/h:component/h:section" mode="section"/>
        <xsl:apply-templates select="h:component/h:nonXMLBody/h:text" mode="file"/>
      </body>
    </html>
  </xsl:template>

  <xsl:template match="h:patientRole" mode="header">
    <xsl:variable name="name" select="h:patient/h:name[1]"/>
    <dt>Nom de naissance</dt>
    <dd><xsl:value-of select="($name/h:family[@qualifier='BR'] | $name/h:family)[1]"/></dd>
    <xsl:if test="$name/h:family[@qualifier='CL' or @qualifier='SP']">
      <dt>Nom utilisé</dt>
      <dd><xsl:value-of select="$name/h:family[@qualifier='CL' or @qualifier='SP'][1]"/></dd>
    </xsl:if>
    <dt>Prénoms</dt>
    <dd>
      <xsl:choose>
        <!-- without a qualifier: the whole list of first names -->
        <xsl:when test="$name/h:given[not(@qualifier)]"><xsl:apply-templates select="$name/h:given[not(@qualifier)]" mode="words"/></xsl:when>
        <xsl:otherwise><xsl:apply-templates select="$name/h:given[@qualifier='BR']" mode="words"/></xsl:otherwise>
      </xsl:choose>
    </dd>
    <dt>Naissance</dt>
    <dd><xsl:call-template name="day"><xsl:with-param name="time" select="h:patient/h:birthTime/@value"/></xsl:call-template></dd>
    <xsl:if test="h:id[starts-with(@root, '1.2.250.1.213.1.4.')]">
      <dt>Matricule INS</dt>
      <dd><xsl:value-of select="h:id[starts-with(@root, '1.2.250.1.213.1.4.')][1]/@extension"/></dd>
    </xsl:if>
  </xsl:template>

  <xsl:template match="h:assignedAuthor" mode="header">
    <dt>Auteur</dt>
    <dd>
      <xsl:apply-templates select="h:assignedPerson/h:name/h:suffix" mode="words"/>
      <xsl:apply-templates select="h:assignedPerson/h:name/h:given" mode="words"/>
      <xsl:value-of select="h:assignedPerson/h:name/h:family"/>
      <xsl:if test="h:representedOrganization/h:name"><xsl:text>, </xsl:text><xsl:value-of select="h:representedOrganization/h:name"/></xsl:if>
    </dd>
  </xsl:template>

  <xsl:template match="*" mode="words"><xsl:value-of select="."/><xsl:text> </xsl:text></xsl:template>

  <xsl:template match="h:section" mode="section">
    <section>
      <xsl:if test="h:title"><h2><xsl:value-of select="h:title"/></h2></xsl:if>
      <xsl:apply-templates select="h:text"/>
      <xsl:apply-templates select="h:component/h:section" mode="section"/>
    </section>
  </xsl:template>

  <xsl:template match="h:text" mode="file">
    <p>
      <xsl:choose>
        <xsl:when test="@representation='B64' and (@mediaType='application/pdf' or @mediaType='text/plain')">
          <a download="document"><xsl:attribute name="href">data:<xsl:value-of select="@mediaType"/>;base64,<xsl:value-of select="normalize-space(.)"/></xsl:attribute>Enregistrer le document</a>
        </xsl:when>
        <xsl:otherwise>Ce document porte un fichier qui ne s’affiche pas ici.</xsl:otherwise>
      </xsl:choose>
    </p>
  </xsl:template>

  <!-- the narrative: what is known is shaped, of the rest only the words are kept -->
  <xsl:template match="h:text"><div><xsl:apply-templates/></div></xsl:template>
  <xsl:template match="h:paragraph"><p><xsl:apply-templates/></p></xsl:template>
  <xsl:template match="h:content"><span><xsl:apply-templates/></span></xsl:template>
  <xsl:template match="h:content[contains(@styleCode, 'Bold')]"><strong><xsl:apply-templates/></strong></xsl:template>
  <xsl:template match="h:content[contains(@styleCode, 'Italics')]"><em><xsl:apply-templates/></em></xsl:template>
  <xsl:template match="h:br"><br/></xsl:template>
  <xsl:template match="h:sub"><sub><xsl:apply-templates/></sub></xsl:template>
  <xsl:template match="h:sup"><sup><xsl:apply-templates/></sup></xsl:template>
  <xsl:template match="h:list"><ul><xsl:apply-templates select="h:item"/></ul></xsl:template>
  <xsl:template match="h:list[@listType='ordered']"><ol><xsl:apply-templates select="h:item"/></ol></xsl:template>
  <xsl:template match="h:item"><li><xsl:apply-templates/></li></xsl:template>
  <xsl:template match="h:caption"><strong><xsl:apply-templates/></strong></xsl:template>
  <xsl:template match="h:table"><table><xsl:apply-templates select="h:caption | h:thead | h:tbody | h:tfoot | h:tr"/></table></xsl:template>
  <xsl:template match="h:table/h:caption"><caption><xsl:apply-templates/></caption></xsl:template>
  <xsl:template match="h:thead"><thead><xsl:apply-templates select="h:tr"/></thead></xsl:template>
  <xsl:template match="h:tbody"><tbody><xsl:apply-templates select="h:tr"/></tbody></xsl:template>
  <xsl:template match="h:tfoot"><tfoot><xsl:apply-templates select="h:tr"/></tfoot></xsl:template>
  <xsl:template match="h:tr"><tr><xsl:apply-templates select="h:td | h:th"/></tr></xsl:template>
  <xsl:template match="h:td"><td><xsl:call-template name="spans"/><xsl:apply-templates/></td></xsl:template>
  <xsl:template match="h:th"><th><xsl:call-template name="spans"/><xsl:apply-templates/></th></xsl:template>
  <xsl:template name="spans">
    <xsl:for-each select="@colspan | @rowspan">
      <xsl:if test=". &gt; 1 and . &lt;= 100"><xsl:attribute name="{local-name()}"><xsl:value-of select="floor(.)"/></xsl:attribute></xsl:if>
    </xsl:for-each>
  </xsl:template>
  <xsl:template match="h:renderMultiMedia">
    <xsl:variable name="medium" select="ancestor::h:section[1]//h:observationMedia[@ID=current()/@referencedObject][1]/h:value"/>
    <xsl:choose>
      <xsl:when test="$medium[@representation='B64'][@mediaType='image/png' or @mediaType='image/jpeg' or @mediaType='image/gif']">
        <img><xsl:attribute name="alt"><xsl:value-of select="h:caption"/></xsl:attribute><xsl:attribute name="src">data:<xsl:value-of select="$medium/@mediaType"/>;base64,<xsl:value-of select="normalize-space($medium)"/></xsl:attribute></img>
      </xsl:when>
      <xsl:when test="$medium"><xsl:apply-templates select="$medium" mode="file"/></xsl:when>
    </xsl:choose>
  </xsl:template>
  <xsl:template match="h:value" mode="file">
    <xsl:if test="@representation='B64' and @mediaType='application/pdf'">
      <a download="document.pdf"><xsl:attribute name="href">data:application/pdf;base64,<xsl:value-of select="normalize-space(.)"/></xsl:attribute>Enregistrer le PDF</a>
    </xsl:if>
  </xsl:template>

  <xsl:template name="day">
    <xsl:param name="time"/>
    <xsl:if test="string-length($time) &gt;= 8"><xsl:value-of select="substring($time, 7, 2)"/>/</xsl:if>
    <xsl:if test="string-length($time) &gt;= 6"><xsl:value-of select="substring($time, 5, 2)"/>/</xsl:if>
    <xsl:value-of select="substring($time, 1, 4)"/>
  </xsl:template>
</xsl:stylesheet>
